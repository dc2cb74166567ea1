#!/usr/bin/env bash
# Prints the KB of the heap of a JVM that live: what is in use after a collection.
jcmd "$1" GC.run >/dev/null && jcmd "$1" GC.heap_info | awk '/Metaspace/ { exit } match($0, /used [0-9]+K/) && !/(eden|from|to|object|the) +space/ { sum += substr($0, RSTART + 5, RLENGTH - 6) } END { print sum }'
