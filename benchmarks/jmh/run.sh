#!/usr/bin/env bash
# Builds and runs the JMH benchmarks. Arguments are JMH's:
#
#   run.sh                                    # all, two forks each
#   run.sh FanOut -p subscribers=100          # some of one class
#   run.sh Codec -f 1 -wi 3 -i 3 -prof gc     # shorter, with the bytes allocated
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
./mvnw -q -pl benchmarks -am -DskipTests package
extracted=benchmarks/target/extracted
rm -rf "$extracted"
java -Djarmode=tools -jar benchmarks/target/benchmarks-*-SNAPSHOT.jar extract --destination "$extracted" >/dev/null
exec java -cp "$extracted/*:$extracted/lib/*" org.openjdk.jmh.Main -f 2 -wi 5 -w 2 -i 5 -r 2 "$@"
