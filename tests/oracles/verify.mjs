// docs/protocol.md §8 once more, in plain Node: nothing but its own `crypto`.
// Reads tasks, one canonical JSON object a line, and answers each with a line:
//   {"elapsed","folder","newest","now","pin","silent","tag"} -> <answer> <reasons> <newest> <silent>
// `pin` is the file of the pinned root; `newest` and `silent` are what was remembered.
import { createHash, createPublicKey, verify as signatureHolds } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

class Broken extends Error {}
class NotBelieved extends Error {}

const require = (holds, error = Broken) => {
  if (!holds) throw new error();
};

// --- shapes: what a document may say, field by field -------------------------------------------
const integer = (least, most = Number.MAX_SAFE_INTEGER) => (v) =>
  Number.isSafeInteger(v) && v >= least && v <= most;
const text = (most, least = 0) => (v) =>
  typeof v === "string" && [...v].length >= least && [...v].length <= most;
const pattern = (wanted) => (v) => typeof v === "string" && wanted.test(v);
const oneOf = (...words) => (v) => words.includes(v);
const list = (item, least, most) => (v) =>
  Array.isArray(v) && v.length >= least && v.length <= most && v.every(item);
const isObject = (v) => typeof v === "object" && v !== null && !Array.isArray(v);
const map = (key, value, least, most) => (v) => {
  if (!isObject(v)) return false;
  const entries = Object.entries(v);
  if (entries.length < least || entries.length > most) return false;
  return entries.every(([name, found]) => key(name) && value(found));
};
const object = (required, optional = {}) => (v) =>
  isObject(v) &&
  Object.keys(required).every((name) => Object.hasOwn(v, name)) &&
  Object.entries(v).every(([name, found]) => {
    const fields = Object.hasOwn(required, name) ? required : optional;
    return Object.hasOwn(fields, name) && fields[name](found);
  });

const hash = text(43, 43);
const tag = text(22, 22);
const name = text(64, 1);
const short = text(200);
const uuid = pattern(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
const okp = object({ kty: oneOf("OKP"), crv: oneOf("Ed25519"), x: hash });
const ec = object({ kty: oneOf("EC"), crv: oneOf("P-256"), x: hash, y: hash });
const jwk = (v) => okp(v) || ec(v);
const header = object({ alg: text(16), kid: hash, typ: text(32) }, { jwk });
const record = object(
  {
    alg: oneOf("Ed25519", "ES256"),
    use: oneOf("root", "document"),
    jwk,
    not_before: integer(0),
  },
  { not_after: integer(0), retired_at: integer(0), revoked: oneOf(true) },
);
const rootShape = object({
  version: integer(1),
  issued_at: integer(0),
  audience: short,
  threshold: integer(1, 16),
  keys: map(hash, record, 2, 64),
  agreement_key: hash,
});
const fingerprint = object({
  machine_class: oneOf("bare", "vm"),
  components: map(name, list(tag, 1, 64), 0, 32),
  os: object({}, { release: tag, patch: tag, instance: tag }),
});
const policy = object({
  level: oneOf("strict", "normal", "loose"),
  weights: map(name, object({ bare: integer(0, 1000), vm: integer(0, 1000) }), 1, 32),
  grace_hours: integer(0, 8760),
  os_axis: oneOf("upgrade", "patch", "none"),
});
const licenseShape = object(
  {
    request_id: uuid,
    request_hash: hash,
    device: hash,
    generation: integer(0),
    epoch: integer(1),
    server_time: integer(0),
    audit_index: integer(1),
    license_id: uuid,
    product: short,
    customer: short,
    modules: list(short, 0, 64),
    seats: integer(0),
    support_code: short,
    policy,
    fingerprint,
  },
  { warranty_until: pattern(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/), baseline: fingerprint },
);
const standings =
  "unlicensed activating active drifted releasing released superseded damaged".split(" ");
const permitShape = object(
  {
    license_id: uuid,
    generation: integer(1),
    document: hash,
    machine_tag: short,
    standing: oneOf(...standings),
    issued_at: integer(0),
    expires_at: integer(0),
  },
  { confirmed_at: integer(0), grace_hours_left: integer(0) },
);

// --- bytes: one spelling each --------------------------------------------------------------------
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("base64url");

function fromBase64url(letters) {
  const bytes = Buffer.from(letters, "base64url");
  require(bytes.toString("base64url") === letters);
  return bytes;
}

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isObject(value)) {
    const names = Object.keys(value).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `{${names.map((n) => `${canonical(n)}:${canonical(value[n])}`).join(",")}}`;
  }
  require(typeof value !== "number" || Number.isSafeInteger(value));
  require(typeof value !== "string" || value.isWellFormed());
  return JSON.stringify(value);
}

function parse(bytes, shape) {
  let spelled, value;
  try {
    spelled = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(spelled);
  } catch {
    throw new Broken();
  }
  require(shape(value) && canonical(value) === spelled);
  return value;
}

// --- keys and envelopes --------------------------------------------------------------------------
const P25519 = 2n ** 255n - 19n;
const ORDER_EIGHT = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const WEAK = [0n, 1n, ORDER_EIGHT, P25519 - ORDER_EIGHT, P25519 - 1n];

const algorithmOf = (key) => (key.kty === "OKP" ? "Ed25519" : "ES256");
const thumbprint = (key) => sha256(canonical(key));

function load(key) {
  const x = fromBase64url(key.x);
  if (key.kty === "OKP") {
    const y = BigInt(`0x${Buffer.from(x).reverse().toString("hex")}`) & (2n ** 255n - 1n);
    require(y < P25519 && !WEAK.includes(y));
  } else {
    fromBase64url(key.y);
  }
  try {
    return createPublicKey({ key, format: "jwk" });
  } catch {
    throw new Broken();
  }
}

function split(raw, typ) {
  require(raw.length <= 64 * 1024);
  const parts = raw.split(".");
  require(parts.length === 3);
  const head = parse(fromBase64url(parts[0]), header);
  require(head.typ === typ);
  return {
    head,
    payload: parts[1],
    signed: raw.slice(0, raw.lastIndexOf(".")),
    signature: fromBase64url(parts[2]),
  };
}

function payloadVerifiedBy(envelope, key) {
  require(envelope.head.alg === algorithmOf(key));
  require(envelope.signature.length === 64);
  const loaded = load(key);
  const signed = Buffer.from(envelope.signed, "latin1");
  const holds =
    key.kty === "OKP"
      ? signatureHolds(null, signed, loaded, envelope.signature)
      : signatureHolds(
          "sha256",
          signed,
          { key: loaded, dsaEncoding: "ieee-p1363" },
          envelope.signature,
        );
  require(holds);
  return fromBase64url(envelope.payload);
}

// --- roots ---------------------------------------------------------------------------------------
const maySignRoots = (r) => r.use === "root" && !r.revoked && r.retired_at === undefined;

function readRoot(line) {
  const signatures = line.split(" ");
  require(signatures.length <= 128);
  const envelopes = signatures.map((raw) => split(raw, "root+jws"));
  require(envelopes.every((e) => e.head.jwk === undefined));
  const payload = envelopes[0].payload;
  require(envelopes.every((e) => e.payload === payload));
  const root = parse(fromBase64url(payload), rootShape);
  for (const [kid, r] of Object.entries(root.keys)) {
    require(thumbprint(r.jwk) === kid && algorithmOf(r.jwk) === r.alg);
  }
  require(Object.values(root.keys).filter(maySignRoots).length >= root.threshold);
  return { root, envelopes, payload };
}

function requireThreshold(envelopes, judge) {
  const signers = new Set();
  for (const envelope of envelopes) {
    const r = Object.hasOwn(judge.keys, envelope.head.kid) ? judge.keys[envelope.head.kid] : null;
    if (r === null || !maySignRoots(r)) continue;
    try {
      payloadVerifiedBy(envelope, r.jwk);
    } catch {
      continue;
    }
    signers.add(envelope.head.kid);
  }
  require(signers.size >= judge.threshold);
}

function advance(trusted, next) {
  require(next.root.version === trusted.root.version + 1);
  require(next.root.audience === trusted.root.audience);
  requireThreshold(next.envelopes, trusted.root);
  requireThreshold(next.envelopes, next.root);
  return next;
}

const hasPassed = (trusted, next) =>
  next.root.version < trusted.root.version || next.payload === trusted.payload;

function linesOf(chain) {
  require(chain.length > 0 && chain.length <= 512 * 1024);
  const lines = chain.split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  require(lines.length >= 1 && lines.length <= 64 && lines.every((line) => line !== ""));
  return lines;
}

function pinned(chain) {
  const [first, ...later] = linesOf(chain).map(readRoot);
  requireThreshold(first.envelopes, first.root);
  return later.reduce(advance, first);
}

function walk(pin, chain) {
  let lines;
  try {
    lines = linesOf(chain ?? "");
  } catch {
    return [pin, false];
  }
  let [trusted, whole] = [pin, true];
  for (const line of lines) {
    try {
      const next = readRoot(line);
      if (!hasPassed(trusted, next)) trusted = advance(trusted, next);
    } catch {
      whole = false;
    }
  }
  return [trusted, whole];
}

// --- documents -----------------------------------------------------------------------------------
function openLicense(raw, root) {
  const envelope = split(raw, "license+jws");
  const { kid } = envelope.head;
  require(Object.hasOwn(root.keys, kid), NotBelieved);
  const r = root.keys[kid];
  require(r.use === "document" && !r.revoked && envelope.head.jwk === undefined, NotBelieved);
  const license = parse(payloadVerifiedBy(envelope, r.jwk), licenseShape);
  require(r.retired_at === undefined || license.audit_index <= r.retired_at, NotBelieved);
  require(license.server_time >= r.not_before, NotBelieved);
  require(r.not_after === undefined || license.server_time <= r.not_after, NotBelieved);
  return license;
}

function openPermit(raw, device) {
  const envelope = split(raw, "permit+jws");
  const key = envelope.head.jwk;
  require(key !== undefined, NotBelieved);
  require(algorithmOf(key) === "Ed25519");
  require(thumbprint(key) === envelope.head.kid, NotBelieved);
  const payload = payloadVerifiedBy(envelope, key);
  require(envelope.head.kid === device, NotBelieved);
  return parse(payload, permitShape);
}

// --- the answer ----------------------------------------------------------------------------------
const HOUR = 3600;
const DAY = 24 * HOUR;

function attempt(open, reasons) {
  try {
    return [open(), null];
  } catch (error) {
    if (error instanceof NotBelieved) return [null, reasons.notBelieved];
    if (error instanceof Broken) return [null, reasons.broken];
    throw error;
  }
}

function judge(pin, files, task) {
  const stop = (reason) => ({ answer: "stop", reasons: [reason], ...remembered(task) });
  if (files.license === null) return stop("no-document");
  const [trusted, whole] = walk(pin, files.roots);
  const [license, untrusted] = attempt(() => openLicense(files.license, trusted.root), {
    notBelieved: "key-not-trusted",
    broken: "document-broken",
  });
  if (untrusted) return stop(untrusted);
  if (files.permit === null) return stop("no-permit");
  const [permit, refused] = attempt(() => openPermit(files.permit, license.device), {
    notBelieved: "permit-of-another-device",
    broken: "permit-broken",
  });
  if (refused) return stop(refused);
  const signed = files.license.slice(0, files.license.lastIndexOf("."));
  if (permit.license_id !== license.license_id) return stop("permit-of-another-license");
  if (permit.generation !== license.generation) return stop("permit-of-another-generation");
  if (permit.document !== sha256(signed)) return stop("permit-of-another-document");
  if (task.tag === "") return stop("machine-unknown");
  if (permit.machine_tag !== task.tag) return stop("wrong-machine");
  if (!["active", "drifted"].includes(permit.standing)) return stop("not-usable");
  return judgeTime(license, permit, task, whole);
}

const remembered = (task) => ({ newest: task.newest, silent: task.silent });

function judgeTime(license, permit, task, whole) {
  const age = task.now - permit.issued_at;
  const alive = Math.abs(age) <= 2 * DAY || permit.issued_at > task.newest;
  const step = Math.min(Math.max(task.elapsed, 0), 2 * HOUR);
  const silent = alive ? 0 : task.silent + step;
  const newest = Math.max(task.newest, permit.issued_at);
  const drifted = permit.standing === "drifted";
  const hours = drifted ? permit.grace_hours_left : undefined;
  const stopped = (reason) => ({ answer: "stop", reasons: [reason], newest, silent });
  if (hours !== undefined && silent >= hours * HOUR) return stopped("grace-over");
  if (silent > 90 * DAY) return stopped("agent-removed");
  const ahead = Math.max(-age, license.server_time - task.now);
  const reasons = [];
  if (!whole) reasons.push("roots-broken");
  if (age > 2 * DAY) reasons.push("agent-silent");
  if (task.now > permit.expires_at) reasons.push("permit-expired");
  if (ahead > 300) reasons.push("clock-wrong");
  if (drifted) reasons.push("drifted");
  return { answer: reasons.length ? "warn" : "ok", reasons, newest, silent };
}

// One letter a byte: what is not ASCII is refused where it is read.
function read(path) {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

function answer(task) {
  const [pin, broken] = attempt(() => pinned(read(task.pin)), { broken: "pin-broken" });
  if (broken) return broken;
  const files = Object.fromEntries(
    ["roots", "license", "permit"].map((kind) => [kind, read(`${task.folder}/${kind}.jws`)]),
  );
  const found = judge(pin, files, task);
  return `${found.answer} ${found.reasons.join(",") || "-"} ${found.newest} ${found.silent}`;
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(answer(JSON.parse(line)));
}
