// A second opinion by the plain JDK 17, no library: reads lines of tasks, answers each with a line.
//   verify <alg> <x> <y or -> <envelope>           -> <thumbprint> <payload> | refused
//   sign <alg> <typ> <payload> <carry or bare>     -> <envelope> <x> <y or ->
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;

public final class Oracle {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        var lines = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ");
            System.out.println(words[0].equals("verify")
                    ? verify(words[1], words[2], words[3], words[4])
                    : sign(words[1], words[2], words[3], words[4].equals("carry")));
        }
    }

    private static String verify(String alg, String x, String y, String envelope) {
        int end = envelope.lastIndexOf('.');
        String signed = envelope.substring(0, end);
        try {
            Signature verifier = algorithm(alg);
            verifier.initVerify(alg.equals("ES256") ? p256(x, y) : ed25519(x));
            verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
            if (!verifier.verify(DECODER.decode(envelope.substring(end + 1)))) {
                return "refused";
            }
            return thumbprint(jwk(alg, x, y)) + " " + signed.substring(signed.indexOf('.') + 1);
        } catch (GeneralSecurityException | IllegalArgumentException refusal) {
            return "refused";
        }
    }

    private static String sign(String alg, String typ, String payload, boolean carry)
            throws GeneralSecurityException {
        KeyPair pair = generate(alg);
        String x;
        String y = "-";
        if (pair.getPublic() instanceof ECPublicKey key) {
            x = ENCODER.encodeToString(bigEndian(key.getW().getAffineX()));
            y = ENCODER.encodeToString(bigEndian(key.getW().getAffineY()));
        } else {
            x = ENCODER.encodeToString(encoded(((EdECPublicKey) pair.getPublic()).getPoint()));
        }
        String jwk = jwk(alg, x, y);
        String header = "{\"alg\":\"" + alg + "\"" + (carry ? ",\"jwk\":" + jwk : "")
                + ",\"kid\":\"" + thumbprint(jwk) + "\",\"typ\":\"" + typ + "\"}";
        String signed = encode(header.getBytes(StandardCharsets.US_ASCII)) + "." + payload;
        Signature signer = algorithm(alg);
        signer.initSign(pair.getPrivate());
        signer.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + encode(signer.sign()) + " " + x + " " + y;
    }

    private static KeyPair generate(String alg) throws GeneralSecurityException {
        if (!alg.equals("ES256")) {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        }
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static Signature algorithm(String alg) throws GeneralSecurityException {
        return Signature.getInstance(
                alg.equals("ES256") ? "SHA256withECDSAinP1363Format" : "Ed25519");
    }

    private static PublicKey p256(String x, String y) throws GeneralSecurityException {
        var parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        var point = new ECPoint(
                new BigInteger(1, DECODER.decode(x)), new BigInteger(1, DECODER.decode(y)));
        var curve = parameters.getParameterSpec(ECParameterSpec.class);
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve));
    }

    private static PublicKey ed25519(String x) throws GeneralSecurityException {
        byte[] bytes = reversed(DECODER.decode(x));
        boolean odd = bytes[0] < 0;
        bytes[0] &= 0x7f;
        var point = new EdECPoint(odd, new BigInteger(1, bytes));
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }

    private static byte[] encoded(EdECPoint point) {
        byte[] bytes = bigEndian(point.getY());
        if (point.isXOdd()) {
            bytes[0] |= (byte) 0x80;
        }
        return reversed(bytes);
    }

    private static byte[] bigEndian(BigInteger number) {
        byte[] bytes = new byte[32];
        byte[] digits = number.toByteArray();
        int length = Math.min(digits.length, 32);
        System.arraycopy(digits, digits.length - length, bytes, 32 - length, length);
        return bytes;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] turned = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            turned[i] = bytes[bytes.length - 1 - i];
        }
        return turned;
    }

    private static String jwk(String alg, String x, String y) {
        return alg.equals("ES256")
                ? "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}"
                : "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}";
    }

    private static String thumbprint(String jwk) throws GeneralSecurityException {
        byte[] bytes = jwk.getBytes(StandardCharsets.US_ASCII);
        return encode(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }
}
