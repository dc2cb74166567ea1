#!/usr/bin/env bash
# Runs scenarios of run.sh on two servers that stand side by side and take turns, measurement by measurement, and prints
# medians, spreads and ratios. The one whose turn it is not has nothing to do.
#
#   compare.sh --other 'centrifugo -c centrifugo.example.json' --other-port 8000 fanout latency pub1
#   compare.sh --rounds 5 --other '...' --project 'java -jar app.jar' --project-port 8090 --format json -- fanout
#
# --prime N    passes of each scenario that are not recorded, before the first round, for the project alone: a JVM compiles while
#              it runs. 3 if not given
# What is left over goes to run.sh. Scenarios that need a fresh server each time (startup, idle) are for run.sh itself.
set -u
here=$(cd "$(dirname "$0")" && pwd)
rounds=3 other='' otherport=8000 project="java -jar $here/../target/benchmarks-0.1.0-SNAPSHOT.jar" projectport=8090 name=compare prime=3
formats='json protobuf' windows='1 4 64' flags=() scenarios=()
while [ $# -gt 0 ]; do case $1 in
  --rounds) rounds=$2; shift 2;; --other) other=$2; shift 2;; --other-port) otherport=$2; shift 2;;
  --project) project=$2; shift 2;; --project-port) projectport=$2; shift 2;; --name) name=$2; shift 2;; --prime) prime=$2; shift 2;;
  --format) formats=$2; shift 2;; --windows) windows=$2; shift 2;;
  -h|--help) sed -n 2,12p "$0"; exit 0;; --) shift;; -*) flags+=("$1" "$2"); shift 2;; *) scenarios+=("$1"); shift;; esac; done
[ -n "$other" ] || { echo "--other is needed: the launch line of the server to compare with" >&2; exit 2; }
[ ${#scenarios[@]} -gt 0 ] || { echo "Name the scenarios." >&2; exit 2; }
mkdir -p "$here/out"
[ -x "$here/loadgen/build/loadgen" ] || make -C "$here/loadgen" >/dev/null || exit 1
ulimit -n "$(ulimit -Hn)" 2>/dev/null
started=()
launch() { # name, launch line, port: starts it and waits for the first client
  # shellcheck disable=SC2086
  taskset -c 0 bash -c "exec $2" >"$here/out/$name-$1.log" 2>&1 & started+=($!)
  taskset -c 1 "$here/loadgen/build/loadgen" --mode ready --port "$3" --timeout 60 >/dev/null || { echo "$1 is not ready, see out/$name-$1.log" >&2; exit 1; }
}
trap 'kill "${started[@]}" 2>/dev/null; wait' EXIT
turn() { # other|project, then what run.sh is told
  local pid=${started[0]} port=$otherport; [ "$1" = other ] || { pid=${started[1]}; port=$projectport; }
  "$here/run.sh" --name "$name-$1" --attach "$pid" --port "$port" --pub ws --runs 1 ${flags[@]+"${flags[@]}"} "${@:2}"
}
launch other "$other" "$otherport"
launch project "$project" "$projectport"
for scenario in "${scenarios[@]}"; do
  if [ "$prime" -gt 0 ]; then
    for format in $formats; do for _ in $(seq "$prime"); do turn project --format "$format" --windows 1 --out /dev/null "$scenario" >/dev/null; done; done
  fi
  for round in $(seq "$rounds"); do
    for format in $formats; do for window in $([ "$scenario" = fanout ] && echo "$windows" || echo 1); do
      for server in $([ $((round % 2)) = 1 ] && echo other project || echo project other); do
        turn "$server" --format "$format" --windows "$window" "$scenario"
      done
    done; done
  done
done
"$here/summary.py" "$here/out/$name-other.jsonl" "$here/out/$name-project.jsonl"
