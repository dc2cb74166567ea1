// Checks patches of the server with the decoder of the SDK: node patches.mjs FILE. The file holds, one after the other,
// the encoding (0 JSON, 1 Protobuf) and base, patch and target, each after its length in 4 bytes. Prints how many were
// right, and exits non-zero at the first that was not.
import { readFileSync } from "node:fs";
import { Centrifuge as JsonCentrifuge } from "centrifuge";
import { Centrifuge as ProtobufCentrifuge } from "centrifuge/build/protobuf";

// Never connected: what is wanted is how they apply a patch.
const codecs = [JsonCentrifuge, ProtobufCentrifuge].map((Sdk) => new Sdk("ws://localhost")._codec);
const text = new TextDecoder("utf-8", { fatal: true });

const file = readFileSync(process.argv[2]);
let at = 0;
let right = 0;

function block() {
  const length = file.readUInt32BE(at);
  at += 4 + length;
  return file.subarray(at - length, at);
}

while (at < file.length) {
  const encoding = file[at++];
  const [base, patch, target] = [block(), block(), block()];
  const data = encoding === 0 ? text.decode(patch) : patch;
  const { newPrevValue } = codecs[encoding].applyDeltaIfNeeded({ delta: true, data }, base);
  if (!target.equals(Buffer.from(newPrevValue))) {
    console.error(`patch ${right}, encoding ${encoding}: base ${base}, patch ${patch}, target ${target}`);
    process.exit(1);
  }
  right++;
}
console.log(right);
