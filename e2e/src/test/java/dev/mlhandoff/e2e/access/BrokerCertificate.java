package dev.mlhandoff.e2e.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A key made for one broker on this machine, with a certificate that it signed itself.
 *
 * @param keyStore PKCS #12 with the private key
 * @param certificate PEM
 */
record BrokerCertificate(Path keyStore, String password, Path certificate) {

  private static final String ALIAS = "broker";
  private static final String PASSWORD = "only-for-this-test";

  /**
   * Makes one with the JDK's keytool, valid for a day.
   *
   * @param name of its files
   */
  static BrokerCertificate create(Path folder, String name) throws Exception {
    Path keyStore = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    ALIAS,
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost",
                    "-validity",
                    "1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    keyStore.toString(),
                    "-storepass",
                    PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
    assertThat(keytool.waitFor()).as(said).isZero();
    return new BrokerCertificate(
        keyStore, PASSWORD, Files.writeString(folder.resolve(name + ".pem"), pem(keyStore)));
  }

  private static String pem(Path keyStore) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      store.load(in, PASSWORD.toCharArray());
    }
    byte[] encoded = store.getCertificate(ALIAS).getEncoded();
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
        + "\n-----END CERTIFICATE-----\n";
  }
}
