import AssayTestSupport
import Foundation
import Testing

/// The ELF corpus and what the scripts beside this file say about it.
enum ELFTools {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().path

    /// `ASSAY_BINARY`, else the program that was built beside the tests.
    static let binary: String = {
        if let given = ProcessInfo.processInfo.environment["ASSAY_BINARY"] { return given }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "assay").path
    }()

    static let isPipeline = ProcessInfo.processInfo.environment["CI"] != nil

    /// A root directory with the machine's C library in which `usr/bin` is the corpus, built once.
    static let root: ScratchDirectory = {
        let scratch = ScratchDirectory()
        shell(
            """
            mkdir -p root/etc root/usr/bin && echo ID=debian >root/etc/os-release
            for folder in usr/lib/x86_64-linux-gnu usr/lib/aarch64-linux-gnu; do
                if [ -e "/$folder/libc.so.6" ]; then
                    mkdir -p "root/$folder" && cp "/$folder/libc.so.6" "root/$folder/"
                fi
            done
            python3 -B "$1/make-corpus.py" root/usr/bin 2>missing; echo $? >status; rm -rf root/usr/bin/src
            """, in: scratch.path, arguments: [folder])
        return scratch
    }()
}

@Test(.enabled(if: isAvailable("gcc") && isAvailable("clang")))
func `the program says of each corpus file what its recipe says`() throws {
    let root = ELFTools.root
    let missing = shell("cat status missing", in: root.path).text
    #expect(!ELFTools.isPipeline || missing.hasPrefix("0\n"), "\(missing)")
    let audit = shell(
        "timeout 60 \"$1\" audit root --facts facts.json --fail-on none --progress none", in: root.path,
        arguments: [ELFTools.binary])
    #expect(audit.status == 0, "\(audit.errorText)")
    let verdicts = shell(
        "exec python3 -B \"$1/assay_verdicts.py\" root/usr/bin facts.json", in: root.path, arguments: [ELFTools.folder])
    #expect(verdicts.status == 0, "\(verdicts.text)\(verdicts.errorText)")
    #expect(!shell("ls /tmp/assay-evil-interpreter.ran").text.contains("ran"), "a file of the corpus was run")
}

@Test(.enabled(if: isAvailable("checksec") && isAvailable("scanelf") && isAvailable("gcc")))
func `the contradictions of checksec and scanelf are the ones that are known`() {
    let root = ELFTools.root
    let comparison = shell(
        "exec python3 -B \"$1/compare.py\" root/usr/bin --known \"$1/known-contradictions.json\" --tools checksec,scanelf",
        in: root.path, arguments: [ELFTools.folder])
    #expect(comparison.status == 0, "\(comparison.text)\(comparison.errorText)")
}
