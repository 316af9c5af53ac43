// docs/protocol.md §8 once more, in the plain JDK 17: nothing but `java.security`.
// Reads tasks, one canonical JSON object a line, and answers each with a line:
//   {"elapsed","folder","newest","now","pin","silent","tag"} -> <answer> <reasons> <newest> <silent>
// `pin` is the file of the pinned root; `newest` and `silent` are what was remembered.
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

public final class Verify {
    private static final class Broken extends Exception {}

    private static final class NotBelieved extends Exception {}

    private record Task(String folder, String pin, String tag, long now, long elapsed,
            long newest, long silent) {}

    private record Files3(String roots, String license, String permit) {}

    private record Envelope(Map<String, Object> head, String payload, String signed,
            byte[] signature) {
        String kid() {
            return (String) head.get("kid");
        }
    }

    private record Root(Map<String, Object> says, List<Envelope> envelopes, String payload) {
        long version() {
            return (Long) says.get("version");
        }

        Map<String, Object> key(String kid) {
            return object(object(says.get("keys")).get(kid));
        }
    }

    private record Walked(Root trusted, boolean whole) {}

    private record Answer(String permission, List<String> reasons, long newest, long silent) {
        @Override
        public String toString() {
            String told = reasons.isEmpty() ? "-" : String.join(",", reasons);
            return permission + " " + told + " " + newest + " " + silent;
        }
    }

    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Map<String, Object> says = object(new Json(line).whole());
            var task = new Task((String) says.get("folder"), (String) says.get("pin"),
                    (String) says.get("tag"), (Long) says.get("now"), (Long) says.get("elapsed"),
                    (Long) says.get("newest"), (Long) says.get("silent"));
            System.out.println(answer(task));
        }
    }

    private static String answer(Task task) throws IOException {
        Root pin;
        try {
            pin = pinned(read(Path.of(task.pin)));
        } catch (Broken refusal) {
            return "pin-broken";
        }
        var folder = Path.of(task.folder);
        return judge(pin, new Files3(read(folder.resolve("roots.jws")),
                read(folder.resolve("license.jws")), read(folder.resolve("permit.jws"))), task)
                .toString();
    }

    // One letter a byte: what is not ASCII is refused where it is read.
    private static String read(Path path) throws IOException {
        return Files.exists(path)
                ? new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1) : null;
    }

    // --- the answer ------------------------------------------------------------------------------
    private static final long HOUR = 3600;
    private static final long DAY = 24 * HOUR;

    private static Answer judge(Root pin, Files3 files, Task task) {
        if (files.license == null) {
            return stop("no-document", task);
        }
        Walked walked = walk(pin, files.roots);
        Map<String, Object> license;
        try {
            license = openLicense(files.license, walked.trusted);
        } catch (NotBelieved refusal) {
            return stop("key-not-trusted", task);
        } catch (Broken refusal) {
            return stop("document-broken", task);
        }
        if (files.permit == null) {
            return stop("no-permit", task);
        }
        Map<String, Object> permit;
        try {
            permit = openPermit(files.permit, license.get("device"));
        } catch (NotBelieved refusal) {
            return stop("permit-of-another-device", task);
        } catch (Broken refusal) {
            return stop("permit-broken", task);
        }
        String signed = files.license.substring(0, files.license.lastIndexOf('.'));
        if (!permit.get("license_id").equals(license.get("license_id"))) {
            return stop("permit-of-another-license", task);
        }
        if (!permit.get("generation").equals(license.get("generation"))) {
            return stop("permit-of-another-generation", task);
        }
        if (!permit.get("document").equals(sha256(signed.getBytes(StandardCharsets.US_ASCII)))) {
            return stop("permit-of-another-document", task);
        }
        if (task.tag.isEmpty()) {
            return stop("machine-unknown", task);
        }
        if (!permit.get("machine_tag").equals(task.tag)) {
            return stop("wrong-machine", task);
        }
        if (!List.of("active", "drifted").contains(permit.get("standing"))) {
            return stop("not-usable", task);
        }
        return judgeTime(license, permit, task, walked.whole);
    }

    private static Answer judgeTime(Map<String, Object> license, Map<String, Object> permit,
            Task task, boolean whole) {
        long stamp = (Long) permit.get("issued_at");
        long age = task.now - stamp;
        boolean alive = Math.abs(age) <= 2 * DAY || stamp > task.newest;
        long step = Math.min(Math.max(task.elapsed, 0), 2 * HOUR);
        long silent = alive ? 0 : task.silent + step;
        long newest = Math.max(task.newest, stamp);
        boolean drifted = permit.get("standing").equals("drifted");
        Object hours = drifted ? permit.get("grace_hours_left") : null;
        if (hours != null && silent >= (Long) hours * HOUR) {
            return new Answer("stop", List.of("grace-over"), newest, silent);
        }
        if (silent > 90 * DAY) {
            return new Answer("stop", List.of("agent-removed"), newest, silent);
        }
        var reasons = new ArrayList<String>();
        if (!whole) {
            reasons.add("roots-broken");
        }
        if (age > 2 * DAY) {
            reasons.add("agent-silent");
        }
        if (task.now > (Long) permit.get("expires_at")) {
            reasons.add("permit-expired");
        }
        if (Math.max(-age, (Long) license.get("server_time") - task.now) > 300) {
            reasons.add("clock-wrong");
        }
        if (drifted) {
            reasons.add("drifted");
        }
        return new Answer(reasons.isEmpty() ? "ok" : "warn", reasons, newest, silent);
    }

    private static Answer stop(String reason, Task task) {
        return new Answer("stop", List.of(reason), task.newest, task.silent);
    }

    // --- documents -------------------------------------------------------------------------------
    private static Map<String, Object> openLicense(String raw, Root root)
            throws Broken, NotBelieved {
        Envelope envelope = split(raw, "license+jws");
        Map<String, Object> record = root.key(envelope.kid());
        believe(record != null && record.get("use").equals("document")
                && !record.containsKey("revoked") && !envelope.head.containsKey("jwk"));
        byte[] payload = payloadVerifiedBy(envelope, object(record.get("jwk")));
        Map<String, Object> license = object(parse(payload, LICENSE));
        long time = (Long) license.get("server_time");
        believe(!record.containsKey("retired_at")
                || (Long) license.get("audit_index") <= (Long) record.get("retired_at"));
        believe(time >= (Long) record.get("not_before"));
        believe(!record.containsKey("not_after") || time <= (Long) record.get("not_after"));
        return license;
    }

    private static Map<String, Object> openPermit(String raw, Object device)
            throws Broken, NotBelieved {
        Envelope envelope = split(raw, "permit+jws");
        believe(envelope.head.containsKey("jwk"));
        Map<String, Object> key = object(envelope.head.get("jwk"));
        require(algorithmOf(key).equals("Ed25519"));
        believe(thumbprint(key).equals(envelope.kid()));
        byte[] payload = payloadVerifiedBy(envelope, key);
        believe(envelope.kid().equals(device));
        return object(parse(payload, PERMIT));
    }

    // --- roots -----------------------------------------------------------------------------------
    private static Root pinned(String chain) throws Broken {
        Root trusted = null;
        for (String line : linesOf(chain)) {
            Root next = readRoot(line);
            if (trusted == null) {
                requireThreshold(next.envelopes, next);
                trusted = next;
            } else {
                trusted = advance(trusted, next);
            }
        }
        return trusted;
    }

    private static Walked walk(Root pin, String chain) {
        String[] lines;
        try {
            lines = linesOf(chain);
        } catch (Broken refusal) {
            return new Walked(pin, false);
        }
        Root trusted = pin;
        boolean whole = true;
        for (String line : lines) {
            try {
                Root next = readRoot(line);
                boolean passed = next.version() < trusted.version()
                        || next.payload.equals(trusted.payload);
                trusted = passed ? trusted : advance(trusted, next);
            } catch (Broken refusal) {
                whole = false;
            }
        }
        return new Walked(trusted, whole);
    }

    private static String[] linesOf(String chain) throws Broken {
        require(chain != null && !chain.isEmpty() && chain.length() <= 512 * 1024);
        String[] lines = chain.replaceFirst("(\r\n|\n|\r)\\z", "").split("\r\n|\n|\r", -1);
        require(lines.length <= 64);
        for (String line : lines) {
            require(!line.isEmpty());
        }
        return lines;
    }

    private static Root readRoot(String line) throws Broken {
        String[] signatures = line.split(" ", -1);
        require(signatures.length <= 128);
        var envelopes = new ArrayList<Envelope>();
        for (String raw : signatures) {
            Envelope envelope = split(raw, "root+jws");
            require(!envelope.head.containsKey("jwk"));
            envelopes.add(envelope);
            require(envelope.payload.equals(envelopes.get(0).payload));
        }
        String payload = envelopes.get(0).payload;
        Map<String, Object> says = object(parse(fromBase64url(payload), ROOT));
        int signers = 0;
        for (var entry : object(says.get("keys")).entrySet()) {
            Map<String, Object> record = object(entry.getValue());
            Map<String, Object> jwk = object(record.get("jwk"));
            require(thumbprint(jwk).equals(entry.getKey()));
            require(algorithmOf(jwk).equals(record.get("alg")));
            signers += maySignRoots(record) ? 1 : 0;
        }
        require(signers >= (Long) says.get("threshold"));
        return new Root(says, envelopes, payload);
    }

    private static Root advance(Root trusted, Root next) throws Broken {
        require(next.version() == trusted.version() + 1);
        require(next.says.get("audience").equals(trusted.says.get("audience")));
        requireThreshold(next.envelopes, trusted);
        requireThreshold(next.envelopes, next);
        return next;
    }

    private static void requireThreshold(List<Envelope> envelopes, Root judge) throws Broken {
        Set<String> signers = new HashSet<>();
        for (Envelope envelope : envelopes) {
            Map<String, Object> record = judge.key(envelope.kid());
            if (record != null && maySignRoots(record) && holds(envelope, record)) {
                signers.add(envelope.kid());
            }
        }
        require(signers.size() >= (Long) judge.says.get("threshold"));
    }

    private static boolean holds(Envelope envelope, Map<String, Object> record) {
        try {
            payloadVerifiedBy(envelope, object(record.get("jwk")));
            return true;
        } catch (Broken refusal) {
            return false;
        }
    }

    private static boolean maySignRoots(Map<String, Object> record) {
        return record.get("use").equals("root") && !record.containsKey("revoked")
                && !record.containsKey("retired_at");
    }

    // --- keys and envelopes ----------------------------------------------------------------------
    private static Envelope split(String raw, String typ) throws Broken {
        require(raw.length() <= 64 * 1024);
        String[] parts = raw.split("\\.", -1);
        require(parts.length == 3);
        Map<String, Object> head = object(parse(fromBase64url(parts[0]), HEADER));
        require(head.get("typ").equals(typ));
        String signed = raw.substring(0, raw.lastIndexOf('.'));
        return new Envelope(head, parts[1], signed, fromBase64url(parts[2]));
    }

    private static byte[] payloadVerifiedBy(Envelope envelope, Map<String, Object> jwk)
            throws Broken {
        String alg = algorithmOf(jwk);
        byte[] signature = envelope.signature;
        require(envelope.head.get("alg").equals(alg) && signature.length == 64);
        try {
            var verifier = Signature.getInstance(
                    alg.equals("ES256") ? "SHA256withECDSAinP1363Format" : "Ed25519");
            verifier.initVerify(alg.equals("ES256") ? p256(jwk, signature) : ed25519(jwk));
            verifier.update(envelope.signed.getBytes(StandardCharsets.ISO_8859_1));
            require(verifier.verify(signature));
        } catch (GeneralSecurityException refusal) {
            throw new Broken();
        }
        return fromBase64url(envelope.payload);
    }

    private static final BigInteger P25519 =
            BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger ORDER_EIGHT = new BigInteger(
            "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16);
    private static final Set<BigInteger> WEAK = Set.of(BigInteger.ZERO, BigInteger.ONE, ORDER_EIGHT,
            P25519.subtract(ORDER_EIGHT), P25519.subtract(BigInteger.ONE));

    private static PublicKey ed25519(Map<String, Object> jwk)
            throws Broken, GeneralSecurityException {
        byte[] little = fromBase64url((String) jwk.get("x"));
        byte[] bytes = new byte[little.length];
        for (int i = 0; i < little.length; i++) {
            bytes[i] = little[little.length - 1 - i];
        }
        boolean odd = bytes[0] < 0;
        bytes[0] &= 0x7f;
        var y = new BigInteger(1, bytes);
        require(y.compareTo(P25519) < 0 && !WEAK.contains(y));
        return KeyFactory.getInstance("Ed25519").generatePublic(
                new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, y)));
    }

    // A JDK need not ask whether the point is on the curve, and some forgot to ask for r, s > 0.
    private static PublicKey p256(Map<String, Object> jwk, byte[] signature)
            throws Broken, GeneralSecurityException {
        var parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        var curve = parameters.getParameterSpec(ECParameterSpec.class);
        BigInteger p = ((java.security.spec.ECFieldFp) curve.getCurve().getField()).getP();
        var x = new BigInteger(1, fromBase64url((String) jwk.get("x")));
        var y = new BigInteger(1, fromBase64url((String) jwk.get("y")));
        BigInteger right = x.pow(3).add(x.multiply(curve.getCurve().getA()))
                .add(curve.getCurve().getB()).mod(p);
        require(x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.pow(2).mod(p).equals(right));
        for (int start : new int[] {0, 32}) {
            var half = new BigInteger(1, Arrays.copyOfRange(signature, start, start + 32));
            require(half.signum() > 0 && half.compareTo(curve.getOrder()) < 0);
        }
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
    }

    private static String algorithmOf(Map<String, Object> jwk) {
        return jwk.get("kty").equals("OKP") ? "Ed25519" : "ES256";
    }

    private static String thumbprint(Map<String, Object> jwk) throws Broken {
        return sha256(Json.canonical(jwk).getBytes(StandardCharsets.UTF_8));
    }

    // --- bytes: one spelling each ----------------------------------------------------------------
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private static String sha256(byte[] bytes) {
        try {
            return ENCODER.encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException(cause);
        }
    }

    private static byte[] fromBase64url(String letters) throws Broken {
        try {
            byte[] bytes = Base64.getUrlDecoder()
                    .decode(letters.getBytes(StandardCharsets.ISO_8859_1));
            require(ENCODER.encodeToString(bytes).equals(letters));
            return bytes;
        } catch (IllegalArgumentException refusal) {
            throw new Broken();
        }
    }

    private static Object parse(byte[] bytes, Shape shape) throws Broken {
        String spelled;
        try {
            // A new decoder reports what is not UTF-8; the constructor of String would mend it.
            spelled = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException refusal) {
            throw new Broken();
        }
        Object value = new Json(spelled).whole();
        require(shape.fits(value) && Json.canonical(value).equals(spelled));
        return value;
    }

    private static void require(boolean holds) throws Broken {
        if (!holds) {
            throw new Broken();
        }
    }

    private static void believe(boolean holds) throws NotBelieved {
        if (!holds) {
            throw new NotBelieved();
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    // Reads more than canonical JSON: what it lets pass is refused when it is spelled again.
    private static final class Json {
        private static final int MAX_DEPTH = 8;
        private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");
        private static final String ESCAPES = "\"\"\\\\//b\bf\fn\nr\rt\t";
        private final String text;
        private int at;

        Json(String text) {
            this.text = text;
        }

        Object whole() throws Broken {
            Object value = value(0);
            require(at == text.length());
            return value;
        }

        private char next() throws Broken {
            require(at < text.length());
            return text.charAt(at++);
        }

        private boolean takes(String word) {
            boolean found = text.startsWith(word, at);
            at += found ? word.length() : 0;
            return found;
        }

        private Object value(int depth) throws Broken {
            require(depth <= MAX_DEPTH);
            if (takes("{")) {
                return members(depth);
            }
            if (takes("[")) {
                return items(depth);
            }
            if (takes("\"")) {
                return string();
            }
            if (takes("true")) {
                return true;
            }
            if (takes("false")) {
                return false;
            }
            var matcher = INTEGER.matcher(text).region(at, text.length());
            require(matcher.lookingAt());
            at = matcher.end();
            return Long.parseLong(matcher.group());
        }

        private Map<String, Object> members(int depth) throws Broken {
            var members = new LinkedHashMap<String, Object>();
            if (takes("}")) {
                return members;
            }
            do {
                require(takes("\""));
                String name = string();
                require(takes(":"));
                members.put(name, value(depth + 1));
            } while (takes(","));
            require(takes("}"));
            return members;
        }

        private List<Object> items(int depth) throws Broken {
            var items = new ArrayList<Object>();
            if (takes("]")) {
                return items;
            }
            do {
                items.add(value(depth + 1));
            } while (takes(","));
            require(takes("]"));
            return items;
        }

        private String string() throws Broken {
            var built = new StringBuilder();
            for (char letter = next(); letter != '"'; letter = next()) {
                built.append(letter == '\\' ? escaped() : letter);
            }
            return built.toString();
        }

        private char escaped() throws Broken {
            char letter = next();
            if (letter != 'u') {
                int found = ESCAPES.indexOf(letter);
                require(found >= 0 && found % 2 == 0);
                return ESCAPES.charAt(found + 1);
            }
            require(at + 4 <= text.length());
            String digits = text.substring(at, at += 4);
            require(digits.matches("[0-9a-fA-F]{4}"));
            return (char) Integer.parseInt(digits, 16);
        }

        static String canonical(Object value) {
            if (value instanceof Map<?, ?> members) {
                var sorted = new TreeMap<byte[], String>(Arrays::compareUnsigned);
                members.forEach((name, found) -> sorted.put(
                        ((String) name).getBytes(StandardCharsets.UTF_8),
                        quoted((String) name) + ":" + canonical(found)));
                return "{" + String.join(",", sorted.values()) + "}";
            }
            if (value instanceof List<?> items) {
                return "[" + String.join(",", items.stream().map(Json::canonical).toList()) + "]";
            }
            return value instanceof String letters ? quoted(letters) : String.valueOf(value);
        }

        private static String quoted(String letters) {
            var built = new StringBuilder("\"");
            for (char letter : letters.toCharArray()) {
                int found = ESCAPES.lastIndexOf(letter);
                if (letter == '/' || letter >= ' ' && letter != '"' && letter != '\\') {
                    built.append(letter);
                } else if (found >= 0) {
                    built.append('\\').append(ESCAPES.charAt(found - 1));
                } else {
                    built.append(String.format("\\u%04x", (int) letter));
                }
            }
            return built.append('"').toString();
        }
    }

    // --- shapes: what a document may say, field by field -----------------------------------------
    private interface Shape {
        boolean fits(Object value);
    }

    private static final long MAX_INTEGER = (1L << 53) - 1;

    private static Shape integer(long least) {
        return integer(least, MAX_INTEGER);
    }

    private static Shape integer(long least, long most) {
        return v -> v instanceof Long number && number >= least && number <= most;
    }

    private static Shape text(int least, int most) {
        return v -> v instanceof String letters
                && letters.codePointCount(0, letters.length()) >= least
                && letters.codePointCount(0, letters.length()) <= most;
    }

    private static Shape pattern(String wanted) {
        return v -> v instanceof String letters && letters.matches(wanted);
    }

    private static Shape oneOf(Object... words) {
        return v -> Arrays.asList(words).contains(v);
    }

    private static Shape list(Shape item, int least, int most) {
        return v -> v instanceof List<?> items && items.size() >= least && items.size() <= most
                && items.stream().allMatch(item::fits);
    }

    private static Shape map(Shape key, Shape value, int least, int most) {
        return v -> v instanceof Map<?, ?> members
                && members.size() >= least && members.size() <= most
                && members.entrySet().stream()
                        .allMatch(e -> key.fits(e.getKey()) && value.fits(e.getValue()));
    }

    private static Shape object(Map<String, Shape> required, Map<String, Shape> optional) {
        return v -> v instanceof Map<?, ?> members
                && members.keySet().containsAll(required.keySet())
                && members.entrySet().stream().allMatch(e -> {
                    Shape field = required.getOrDefault(e.getKey(), optional.get(e.getKey()));
                    return field != null && field.fits(e.getValue());
                });
    }

    private static Shape either(Shape one, Shape other) {
        return v -> one.fits(v) || other.fits(v);
    }

    private static final Shape HASH = text(43, 43);
    private static final Shape TAG = text(22, 22);
    private static final Shape NAME = text(1, 64);
    private static final Shape SHORT = text(0, 200);
    private static final Shape UUID = pattern(
            "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    private static final Shape JWK = either(
            object(Map.of("kty", oneOf("OKP"), "crv", oneOf("Ed25519"), "x", HASH), Map.of()),
            object(Map.of("kty", oneOf("EC"), "crv", oneOf("P-256"), "x", HASH, "y", HASH),
                    Map.of()));
    private static final Shape HEADER = object(
            Map.of("alg", text(0, 16), "kid", HASH, "typ", text(0, 32)), Map.of("jwk", JWK));
    private static final Shape RECORD = object(
            Map.of("alg", oneOf("Ed25519", "ES256"), "use", oneOf("root", "document"),
                    "jwk", JWK, "not_before", integer(0)),
            Map.of("not_after", integer(0), "retired_at", integer(0), "revoked", oneOf(true)));
    private static final Shape ROOT = object(
            Map.of("version", integer(1), "issued_at", integer(0), "audience", SHORT,
                    "threshold", integer(1, 16), "keys", map(HASH, RECORD, 2, 64),
                    "agreement_key", HASH),
            Map.of());
    private static final Shape FINGERPRINT = object(
            Map.of("machine_class", oneOf("bare", "vm"),
                    "components", map(NAME, list(TAG, 1, 64), 0, 32),
                    "os", object(Map.of(), Map.of("release", TAG, "patch", TAG, "instance", TAG))),
            Map.of());
    private static final Shape WEIGHT = object(
            Map.of("bare", integer(0, 1000), "vm", integer(0, 1000)), Map.of());
    private static final Shape POLICY = object(
            Map.of("level", oneOf("strict", "normal", "loose"), "weights", map(NAME, WEIGHT, 1, 32),
                    "grace_hours", integer(0, 8760), "os_axis", oneOf("upgrade", "patch", "none")),
            Map.of());
    private static final Shape LICENSE = object(
            Map.ofEntries(Map.entry("request_id", UUID), Map.entry("request_hash", HASH),
                    Map.entry("device", HASH), Map.entry("generation", integer(0)),
                    Map.entry("epoch", integer(1)), Map.entry("server_time", integer(0)),
                    Map.entry("audit_index", integer(1)), Map.entry("license_id", UUID),
                    Map.entry("product", SHORT), Map.entry("customer", SHORT),
                    Map.entry("modules", list(SHORT, 0, 64)), Map.entry("seats", integer(0)),
                    Map.entry("support_code", SHORT), Map.entry("policy", POLICY),
                    Map.entry("fingerprint", FINGERPRINT)),
            Map.of("warranty_until", pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
                    "baseline", FINGERPRINT));
    private static final Shape PERMIT = object(
            Map.of("license_id", UUID, "generation", integer(1), "document", HASH,
                    "machine_tag", SHORT, "issued_at", integer(0), "expires_at", integer(0),
                    "standing", oneOf("unlicensed", "activating", "active", "drifted",
                            "releasing", "released", "superseded", "damaged")),
            Map.of("confirmed_at", integer(0), "grace_hours_left", integer(0)));
}
