#!/usr/bin/env python3
"""Summarises a recording of `perf`: the share of each part of the program, and the frames that took the most samples.

  profile.py RECORDING [FRAMES]      as two tables in Markdown; 12 frames
"""
import re
import subprocess
import sys

PARTS = [  # the first that matches the thread, the object file or the symbol
    ("compiler of the JVM", lambda comm, dso, sym: re.match(r"C[12] Compiler", comm)),
    ("garbage collector", lambda comm, dso, sym: re.match(r"(GC|G1) |VM Thread", comm)),
    ("kernel", lambda comm, dso, sym: sym.startswith("[k]")),
    ("interpreter", lambda comm, dso, sym: sym == "[.] Interpreter"),
    ("this project", lambda comm, dso, sym: "dev.realtime." in sym),
    ("Netty", lambda comm, dso, sym: "io.netty." in sym or "netty" in dso),
    ("Lettuce", lambda comm, dso, sym: "io.lettuce." in sym),
    ("Reactor", lambda comm, dso, sym: re.search(r"\breactor\.", sym)),
    ("Spring", lambda comm, dso, sym: "org.springframework." in sym),
    ("JDK", lambda comm, dso, sym: re.search(r"\b(java|jdk|sun)\.", sym)),
    ("JVM and C library", lambda comm, dso, sym: True),
]


def frame(sym):
    kernel, name = sym.startswith("[k]"), sym[4:]
    owner = re.match(r"(?:static )?(?:[\w.$\[\]<>]+ )?([\w.$/]+)\(", name)
    if owner and "." in owner.group(1):
        name = re.sub(r"\$\$Lambda[\w$/]*", "$$Lambda", ".".join(owner.group(1).split(".")[-2:]))
    return f"`{name}`" + (" (kernel)" if kernel else "")


def main(recording, frames=12):
    report = subprocess.run(
        ["perf", "report", "-i", recording, "--no-children", "-g", "none", "--sort", "comm,dso,symbol",
         "--field-separator", "\t", "--stdio"],
        check=True, capture_output=True, text=True).stdout
    parts, tops = {}, {}
    for line in report.splitlines():
        fields = [field.strip() for field in line.split("\t")]
        if line.startswith("#") or len(fields) < 4:
            continue
        share, comm, dso, sym = float(fields[0].rstrip("%")), *fields[1:4]
        part = next(name for name, matches in PARTS if matches(comm, dso, sym))
        parts[part] = parts.get(part, 0) + share
        if part not in ("compiler of the JVM", "garbage collector", "interpreter", "JVM and C library"):
            tops[frame(sym)] = tops.get(frame(sym), 0) + share
    for head, shares, count in (("part", parts, None), ("frame", tops, int(frames))):
        print(f"| {head} | % of the samples |\n|---|---|")
        for name, share in sorted(shares.items(), key=lambda entry: -entry[1])[:count]:
            if share >= 0.5:
                print(f"| {name} | {share:.1f} |")
        print()


main(*sys.argv[1:])
