import AssayTestSupport
import Foundation
import Testing

/// The whole program, ended at every change that it makes of the file system, and run beside itself.
@Suite(.enabled(if: TrustFixture.isPossible)) struct TrustKillTests {
    private static let seen = """
        seen() { (cd $1/\(TrustFixture.extracted) && find -L pem openssl java edk2 legacy -type f -exec sha256sum {} + | sort |
            sha256sum); }

        """

    @Test(.enabled(if: isAvailable("strace")))
    func `killed at any system call that changes something, the store is the old or the new one`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            Self.seen + """
                assay trust update --root rootfs -q; cp a.pem rootfs/\(TrustFixture.etc)/anchors; cp -a rootfs new
                old=$(seen rootfs); assay trust update --root new -q; new=$(seen new); [ "$old" != "$new" ] || exit 9
                for call in mkdirat symlinkat linkat fchmod syncfs renameat renameat2 unlinkat fsync; do
                    number=1
                    while :; do
                        rm -rf run; cp -a rootfs run
                        strace -f -qq -o log -e trace=$call -e inject=$call:signal=SIGKILL:when=$number \
                            "$ASSAY" trust update --root run -q >out 2>&1
                        status=$?; now=$(seen run)
                        case $now in "$old") word=old ;; "$new") word=new ;; *) word=BROKEN ;; esac
                        echo "$call $word"
                        [ $status != 0 ] || break
                        assay trust update --root run -q || echo "$call $number AFTERWARDS"
                        [ "$(seen run)" = "$new" ] || echo "$call $number NOT NEW"
                        number=$((number + 1))
                    done
                done
                """, in: scratch.path)
        #expect(result.status == 0, "\(result.errorText)")
        let lines = result.text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasSuffix(" old") || $0.hasSuffix(" new") }, "\(result.text)")
        for call in ["mkdirat", "symlinkat", "fchmod"] {
            #expect(lines.contains { $0 == "\(call) old" }, "\(result.text)")
        }
        #expect(lines.count > 20, "\(result.text)")
    }

    @Test func `runs at the same time wait for one another`() throws {
        let scratch = try TrustFixture.authorities()
        let result = Assay.run(
            Self.seen + """
                cp a.pem rootfs/\(TrustFixture.etc)/anchors; cp -a rootfs other
                pids=; for i in 1 2 3 4; do assay trust update --root rootfs -q & pids="$pids $!"; done
                for pid in $pids; do wait $pid; echo $?; done
                assay trust update --root other -q; [ "$(seen rootfs)" = "$(seen other)" ] && echo same
                ls rootfs/\(TrustFixture.extracted)/.assay | wc -l
                """, in: scratch.path)
        #expect(result.text == "0\n0\n0\n0\nsame\n3\n", "\(result.text) \(result.errorText)")
    }
}
