import AssayTestSupport
import Foundation
import Testing

/// The checks `trust.*` by the program, on root directories with sources and stores.
@Suite(.enabled(if: isAvailable("openssl") && isAvailable("python3"))) struct AuditTrustTests {
    private static let prelude = """
        set -e
        mkdir -p root/etc/pki/ca-trust/source/anchors root/etc/pki/ca-trust/source/blocklist
        echo ID=azurelinux >root/etc/os-release; echo VERSION_ID=3.0 >>root/etc/os-release
        cd root/etc/pki/ca-trust/source
        make() {
            openssl req -x509 -newkey $2 -nodes -keyout /dev/null -subj "/CN=$1" -days ${4:-30} -out anchors/$1.pem \\
                -addext "basicConstraints=critical,CA:${3:-TRUE}" 2>/dev/null
        }
        # The verdicts of the checks of the trust store.
        verdicts() {
            cd "$top"
            set +e
            assay "$@" --format json >report.json
            status=$?
            python3 - <<'END'
        import json
        for finding in json.load(open("report.json"))["findings"]:
            if finding["check"].startswith("trust."):
                print(finding["check"], finding["verdict"], finding["message"].replace("\\n", " "))
        END
            echo "status $status"
        }

        """

    private func verdicts(_ script: String) -> [String: String] {
        let scratch = ScratchDirectory()
        let result = Assay.run("top=$PWD\n" + AuditTrustTests.prelude + script, in: scratch.path)
        var verdicts: [String: String] = [:]
        for line in result.text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            verdicts[words[0]] = words.count > 1 ? words[1] : ""
        }
        #expect(verdicts["status"] != nil, "\(result.errorText)")
        return verdicts
    }

    @Test func `a store of strong, current authorities passes`() {
        let found = verdicts("make Good rsa:2048; verdicts audit root")
        for check in ["expired", "signature-algorithm", "key-strength", "authority", "distrust-after"] {
            #expect(found["trust." + check]?.hasPrefix("pass") == true, "\(check): \(found)")
        }
        #expect(found["trust.sources"] == "pass 1 source files: 1 anchor")
        #expect(found["trust.store-current"] == "notApplicable no trust store is published")
    }

    @Test func `weak keys, leaves and anchors past their end are named`() {
        let found = verdicts(
            "make Weak rsa:1024; make Leaf rsa:2048 FALSE; export SOURCE_DATE_EPOCH=4000000000; verdicts audit root")
        #expect(found["trust.key-strength"] == "fail 1 of 2 anchors have weak keys: 'Weak'")
        #expect(found["trust.authority"] == "fail 1 of 2 anchors are no certificate authorities: 'Leaf'")
        #expect(found["trust.expired"] == "fail 2 of 2 anchors are past their end: 'Leaf' and 1 more")
        #expect(found["status"] == "1")
    }

    @Test func `a damaged source is a failure with its line, and leaves the anchors unknown`() {
        let found = verdicts(
            """
            make Good rsa:2048
            printf '[p11-kit-object-v1]\\nx-distrusted: ture\\n' | cat - anchors/Good.pem >blocklist/bad.p11-kit
            verdicts audit root
            """)
        #expect(
            found["trust.sources"]
                == "fail /etc/pki/ca-trust/source/blocklist/bad.p11-kit:2: the value of 'x-distrusted' is malformed")
        #expect(found["trust.expired"]?.hasPrefix("unknown '/etc/pki/ca-trust/source/blocklist/bad.p11-kit'") == true)
    }

    @Test func `verifying a root directory whose store has no manifest that can be read fails`() {
        let found = verdicts(
            "mkdir -p ../extracted/.assay/x; echo x >../extracted/.assay-manifest; verdicts verify root")
        #expect(found["trust.store-current"]?.hasPrefix("fail /etc/pki/ca-trust/extracted/.assay-manifest: ") == true)
        #expect(found["status"] == "1")
        #expect(found.count == 2)
    }
}
