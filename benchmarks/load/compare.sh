#!/usr/bin/env bash
# Runs the scenarios of run.sh on two servers that take turns, round after round, and prints medians, spreads and ratios.
#
#   compare.sh --rounds 3 --other 'centrifugo -c centrifugo.example.json' --other-port 8000 -- fanout latency
#   compare.sh --rounds 3 --other '...' --project 'java -jar app.jar' --project-port 8090 -- --duration 8 pub1
#
# What follows -- goes to run.sh. The order within a round changes from round to round, and each round has one run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rounds=3 other='' otherport=8000 project="java -jar $here/../target/benchmarks-0.1.0-SNAPSHOT.jar" projectport=8090 name=compare
while [ $# -gt 0 ]; do case $1 in
  --rounds) rounds=$2; shift 2;; --other) other=$2; shift 2;; --other-port) otherport=$2; shift 2;;
  --project) project=$2; shift 2;; --project-port) projectport=$2; shift 2;; --name) name=$2; shift 2;;
  --) shift; break;; -h|--help) sed -n 2,7p "$0"; exit 0;; *) echo "unknown flag $1" >&2; exit 2;; esac; done
[ -n "$other" ] || { echo "--other is needed: the launch line of the server to compare with" >&2; exit 2; }
run() { "$here/run.sh" --name "$name-$1" --launch "$2" --port "$3" --pub ws --runs 1 "${@:4}"; }
for round in $(seq "$rounds"); do
  if [ $((round % 2)) = 1 ]; then turns='other project'; else turns='project other'; fi
  for turn in $turns; do
    if [ "$turn" = other ]; then run other "$other" "$otherport" "$@"; else run project "$project" "$projectport" "$@"; fi
  done
done
"$here/summary.py" "$here/out/$name-other.jsonl" "$here/out/$name-project.jsonl"
