// A second opinion by Node's `jose`: reads lines of tasks, writes a line of answer for each.
//   verify <alg> <x> <y or -> <envelope>           -> <thumbprint> <payload> | refused
//   sign <alg> <typ> <payload> <carry or bare>     -> <envelope> <x> <y or ->
import { createInterface } from "node:readline";
import {
  CompactSign,
  base64url,
  calculateJwkThumbprint,
  compactVerify,
  exportJWK,
  generateKeyPair,
  importJWK,
} from "jose";

// In the order that canonical JSON has.
const publicJwk = (alg, x, y) =>
  alg === "ES256" ? { crv: "P-256", kty: "EC", x, y } : { crv: "Ed25519", kty: "OKP", x };

async function verify(alg, x, y, envelope) {
  const jwk = publicJwk(alg, x, y);
  try {
    const key = await importJWK(jwk, alg);
    const { payload } = await compactVerify(envelope, key, { algorithms: [alg] });
    return [await calculateJwkThumbprint(jwk), base64url.encode(payload)];
  } catch {
    return ["refused"];
  }
}

async function sign(alg, typ, payload, carry) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const { x, y } = await exportJWK(publicKey);
  const jwk = publicJwk(alg, x, y);
  const kid = await calculateJwkThumbprint(jwk);
  const header = carry === "carry" ? { alg, jwk, kid, typ } : { alg, kid, typ };
  const envelope = await new CompactSign(base64url.decode(payload))
    .setProtectedHeader(header)
    .sign(privateKey);
  return [envelope, x, y ?? "-"];
}

const doors = { verify, sign };
for await (const line of createInterface({ input: process.stdin })) {
  const [task, ...words] = line.split(" ");
  console.log((await doors[task](...words)).join(" "));
}
