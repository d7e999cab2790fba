import AssayTestSupport
import Foundation
import Testing

/// What programs do with a store that was written by the binary.
@Suite(.enabled(if: TrustFixture.isPossible)) struct TrustConsumerTests {
    /// A server on loopback that ends with its standard input; its port goes to the file `port`.
    private static let server = """
        import http.server, os, ssl, threading
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200); self.send_header("Content-Length", "6"); self.end_headers()
                self.wfile.write(b"hello\\n")
            def log_message(self, *words): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("host.pem", "host.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        open("port.new", "w").write(str(server.server_address[1])); os.rename("port.new", "port")
        server.serve_forever()

        """

    private static let prelude = """
        store=$PWD/rootfs/\(TrustFixture.extracted)

        """

    @Test(.enabled(if: isAvailable("curl") && isAvailable("python3")))
    func `curl reaches a server once its authority was added, and no more when it is distrusted`() throws {
        let scratch = try TrustFixture.authorities()
        try scratch.write("server.py", Self.server)
        let result = Assay.run(
            Self.prelude + """
                python3 server.py & server=$!; trap 'kill -9 $server' EXIT
                for i in $(seq 100); do [ -e port ] && break; sleep 0.1; done; port=$(cat port)
                get() { curl -s --noproxy '*' --max-time 20 --resolve localhost:$port:127.0.0.1 "$@" https://localhost:$port/; }
                try() {
                    get --cacert $store/pem/tls-ca-bundle.pem --capath /none; echo $?
                    get --capath $store/pem/directory-hash --cacert b.pem; echo $?
                    get --capath $store/legacy --cacert b.pem; echo $?
                }
                assay trust update --root rootfs -q; try
                assay trust add a.pem --root rootfs -q; try
                assay trust distrust a.pem --root rootfs -q; try
                """, in: scratch.path)
        let refused = "60\n60\n60\n"
        #expect(
            result.text == refused + "hello\n0\nhello\n0\nhello\n0\n" + refused, "\(result.text) \(result.errorText)")
    }

    @Test func `OpenSSL verifies by file and by folder`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            Self.prelude + """
                assay trust add a.pem --root rootfs -q
                verify() { openssl verify "$@" host.pem; }
                verify -no-CApath -no-CAstore -CAfile $store/pem/tls-ca-bundle.pem
                verify -no-CApath -no-CAstore -purpose sslserver -CAfile $store/openssl/ca-bundle.trust.crt
                verify -no-CAfile -no-CAstore -CApath $store/pem/directory-hash
                verify -no-CAfile -no-CAstore -CApath $store/legacy
                """, in: scratch.path)
        #expect(result.text == String(repeating: "host.pem: OK\n", count: 4), "\(result.text) \(result.errorText)")
    }

    @Test(.enabled(if: isAvailable("keytool") && isAvailable("python3") && isAvailable("certtool")))
    func `keytool, Python and certtool read Azure Linux's store`() throws {
        let scratch = try TrustFixture.azureLinux()
        let result = Assay.run(
            Self.prelude + """
                assay trust update --root rootfs -q
                keytool -list -keystore $store/java/cacerts -storepass changeit 2>/dev/null | grep -c trustedCertEntry
                python3 -c 'import ssl, sys; print(len(ssl.create_default_context(cafile=sys.argv[1]).get_ca_certs()))' \
                    $store/pem/tls-ca-bundle.pem
                python3 -c 'import ssl, sys; c = ssl.create_default_context(capath=sys.argv[1]); print("folder")' \
                    $store/pem/directory-hash
                certtool --infile $store/pem/tls-ca-bundle.pem --certificate-info 2>/dev/null | grep -c 'BEGIN CERT'
                """, in: scratch.path)
        #expect(result.text == "235\n235\nfolder\n235\n", "\(result.text) \(result.errorText)")
    }

    @Test(.enabled(if: isAvailable("certtool")))
    func `GnuTLS verifies a host with the bundle`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            Self.prelude + """
                verify() { certtool --verify --load-ca-certificate $store/pem/tls-ca-bundle.pem --infile host.pem >/dev/null 2>&1
                    echo $?; }
                assay trust update --root rootfs -q; verify; assay trust add a.pem --root rootfs -q; verify
                """, in: scratch.path)
        #expect(result.text == "1\n0\n", "\(result.text) \(result.errorText)")
    }
}
