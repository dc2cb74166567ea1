#!/usr/bin/env bash
# Runs scenarios of run.sh on servers that stand side by side and take turns, measurement by measurement, and prints
# medians, spreads and the ratios of each to the first. Those whose turn it is not have nothing to do.
#
#   compare.sh --other 'centrifugo -c centrifugo.example.json' --other-port 8000 fanout latency pub1
#   compare.sh --rounds 5 --other '...' --project 'java -jar app.jar' --project-port 8090 --format json -- fanout
#   compare.sh --server netty:8090 'java -jar a.jar' --server tomcat:8092 'java -jar b.jar' --server stomp:8094:stomp 'java -jar c.jar' --format json fanout
#   compare.sh --server ws:8090 'java -jar a.jar' --server sse:8090:sse - --format json fanout
#
# --server NAME:PORT[:TRANSPORT] LAUNCH   a server, and over what subscribers reach it (ws if not given; see run.sh --transport);
#              with - as its launch line it is the process that an earlier one with the same port started
# --project, --other   short for a server "project" and a server "other"; with --other alone, the project is the one in target
# --prime N    passes of each scenario that are not recorded, before the first round, for servers that are launched with java:
#              a JVM compiles while it runs. 3 if not given
# What is left over goes to run.sh. Scenarios that need a fresh server each time (startup, idle) are for run.sh itself.
set -u
here=$(cd "$(dirname "$0")" && pwd)
rounds=3 other='' otherport=8000 project="java -jar $here/../target/benchmarks-0.1.0-SNAPSHOT.jar" projectport=8090 name=compare prime=3
formats='json protobuf' windows='1 4 64' flags=() scenarios=() names=() ports=() transports=() launches=()
server() { # NAME:PORT[:TRANSPORT], launch line
  local n p t; IFS=: read -r n p t <<<"$1"
  names+=("$n") ports+=("$p") transports+=("${t:-ws}") launches+=("$2")
}
while [ $# -gt 0 ]; do case $1 in
  --rounds) rounds=$2; shift 2;; --other) other=$2; shift 2;; --other-port) otherport=$2; shift 2;;
  --project) project=$2; shift 2;; --project-port) projectport=$2; shift 2;; --name) name=$2; shift 2;; --prime) prime=$2; shift 2;;
  --server) server "$2" "$3"; shift 3;; --format) formats=$2; shift 2;; --windows) windows=$2; shift 2;;
  -h|--help) sed -n 2,16p "$0"; exit 0;; --) shift;; -*) flags+=("$1" "$2"); shift 2;; *) scenarios+=("$1"); shift;; esac; done
if [ -n "$other" ]; then server "project:$projectport" "$project"; server "other:$otherport" "$other"; fi
[ ${#names[@]} -gt 1 ] || { echo "--other, or --server twice, is needed: the launch line of the server to compare with" >&2; exit 2; }
[ ${#scenarios[@]} -gt 0 ] || { echo "Name the scenarios." >&2; exit 2; }
mkdir -p "$here/out"
[ -x "$here/loadgen/build/loadgen" ] || make -C "$here/loadgen" >/dev/null || exit 1
ulimit -n "$(ulimit -Hn)" 2>/dev/null
declare -A pids
path() { [ "$1" = stomp ] && echo /stomp || echo /connection/websocket; }
launch() { # index: starts the server and waits for the first client
  local n=${names[$1]} port=${ports[$1]} hello=()
  [ "${transports[$1]}" = stomp ] && hello=(--format stomp)
  # shellcheck disable=SC2086
  taskset -c 0 bash -c "exec ${launches[$1]}" >"$here/out/$name-$n.log" 2>&1 & pids[$port]=$!
  taskset -c 1 "$here/loadgen/build/loadgen" --mode ready "${hello[@]}" --port "$port" --path "$(path "${transports[$1]}")" --timeout 90 >/dev/null ||
    { echo "$n is not ready, see out/$name-$n.log" >&2; exit 1; }
}
trap 'kill "${pids[@]}" 2>/dev/null; wait' EXIT
turn() { # index, then what run.sh is told
  "$here/run.sh" --name "$name-${names[$1]}" --attach "${pids[${ports[$1]}]}" --port "${ports[$1]}" --transport "${transports[$1]}" \
    --path "$(path "${transports[$1]}")" --pub ws --runs 1 ${flags[@]+"${flags[@]}"} "${@:2}"
}
for i in "${!names[@]}"; do rm -f "$here/out/$name-${names[$i]}.jsonl"; [ "${launches[$i]}" = - ] || launch "$i"; done
order=("${!names[@]}"); backwards=(); for i in "${order[@]}"; do backwards=("$i" "${backwards[@]}"); done
for scenario in "${scenarios[@]}"; do
  for i in "${order[@]}"; do case ${launches[$i]} in java*|-)
    for format in $formats; do for _ in $(seq "$prime"); do turn "$i" --format "$format" --windows 1 --out /dev/null "$scenario" >/dev/null; done; done;; esac; done
  for round in $(seq "$rounds"); do
    for format in $formats; do for window in $(case $scenario in fanout*) echo "$windows";; *) echo 1;; esac); do
      for i in $([ $((round % 2)) = 1 ] && echo "${order[@]}" || echo "${backwards[@]}"); do
        turn "$i" --format "$format" --windows "$window" "$scenario"
      done
    done; done
  done
done
for n in "${names[@]}"; do files+=("$here/out/$name-$n.jsonl"); done
"$here/summary.py" "${files[@]}"
