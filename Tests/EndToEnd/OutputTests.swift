import AssayTestSupport
import Foundation
import Testing

@Test(arguments: ["audit config --explain", "explain --list", "--help", "profile show default"])
func `a reader that leaves ends the program quietly`(_ words: String) throws {
    let scratch = try Fixture.folder()
    let result = Assay.run(
        "for n in 1 2 3; do (assay \(words); echo $? >>codes) | head -c 1 >one; (assay \(words); echo $? >>codes) | :; done",
        in: scratch.path)
    #expect(result.errors.isEmpty, "\(result.errorText)")
    let codes = shell("sort -u codes", in: scratch.path).text.split(separator: "\n").map(String.init)
    #expect(!codes.isEmpty && codes.allSatisfy { ["0", "1", "141"].contains($0) }, "\(codes)")
}

@Test func `an interrupted run leaves a whole report or none`() throws {
    let scratch = try Fixture.folder()
    let result = Assay.run(
        """
        for delay in 0.02 0.05 0.1 0.2 0.4; do
            timeout -s INT $delay "$ASSAY" audit config --format json --output r.json
            if [ -e r.json ]; then python3 -m json.tool r.json >parsed || echo broken; rm r.json; fi
            ls -A | grep partial
        done
        timeout --preserve-status -s INT 0.3 "$ASSAY" audit / --output r.json; echo "code $?"; ls r.json
        """, in: scratch.path)
    #expect(result.text == "code 130\n", "\(result.text) \(result.errorText)")
}

@Test(.enabled(if: isAvailable("strace")), arguments: ["INT", "TERM"])
func `a signal while the report is written leaves nothing`(_ signal: String) throws {
    let scratch = try Fixture.folder()
    let result = Assay.run(
        """
        python3 - "$ASSAY" <<'END'
        import os, signal, subprocess, sys, time
        for name in ("SIGINT", "SIGTERM"):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
        child = subprocess.Popen(["strace", "-qq", "-f", "-o", "trace", "-e", "trace=fsync",
                                  "-e", "inject=fsync:delay_enter=5000000", sys.argv[1], "audit", "config",
                                  "--output", "r.json"])
        path = f"/proc/{child.pid}/task/{child.pid}/children"
        for _ in range(200):
            time.sleep(0.05)
            if os.path.exists("trace") and "fsync(" in open("trace").read():
                break
        os.kill(int(open(path).read().split()[0]), signal.SIG\(signal))
        child.wait(timeout=30)
        END
        rm -f trace; ls -A
        """, in: scratch.path)
    #expect(!result.text.contains("partial") && !result.text.contains("r.json"), "\(result.text)\(result.errorText)")
}

@Test func `a report replaces the file that was there, and a failure leaves it`() throws {
    let scratch = try Fixture.folder()
    try scratch.write("r.json", "old")
    #expect(Assay.run("assay audit missing --format json --output r.json", in: scratch.path).status == 2)
    #expect(shell("cat r.json", in: scratch.path).text == "old")
    #expect(Assay.run("assay audit config --format json --output r.json", in: scratch.path).status == 1)
    #expect(shell("head -c 1 r.json", in: scratch.path).text == "{")
    #expect(shell("ls -A", in: scratch.path).text.contains("partial") == false)
}

@Test(.enabled(if: Assay.isRoot))
func `a device is never replaced by a report`() throws {
    let scratch = try Fixture.folder()
    guard shell("mknod null c 1 3", in: scratch.path).status == 0 else { return }
    _ = Assay.run("assay audit config --output null", in: scratch.path)
    #expect(shell("stat -c %F null", in: scratch.path).text == "character special file\n")
}

@Test(.enabled(if: shell("unshare -m true").status == 0))
func `a full disk leaves nothing behind`() throws {
    let scratch = try Fixture.folder()
    let result = Assay.run(
        """
        unshare -m sh -c 'mount -t tmpfs -o size=8k none folder &&
            timeout 60 "$ASSAY" audit config --format html --output folder/x; echo "code $?"; ls -A folder'
        """, in: scratch.path)
    #expect(result.text == "code 2\n", "\(result.text) \(result.errorText)")
    #expect(result.errorText.contains("'folder/x': no space left"), "\(result.errorText)")
}

@Test func `colour is for terminals, and for those who ask`() throws {
    let scratch = try Fixture.folder()
    func escapes(_ script: String) -> Bool { Assay.run(script, in: scratch.path).output.contains(0x1B) }
    #expect(!escapes("assay audit config --explain"))
    #expect(escapes("assay audit config --color always"))
    #expect(!escapes("assay audit config --color never"))
    #expect(!escapes("assay audit config --output r.txt; cat r.txt"))
    // A pseudo-terminal of script(1).
    let terminal = "script -qec 'stty cols 80; timeout 60 \"$ASSAY\" audit config --progress none' /dev/stdout"
    guard shell("command -v script").status == 0 else { return }
    #expect(escapes(terminal))
    #expect(!escapes("NO_COLOR=1 " + terminal))
    #expect(!escapes("TERM=dumb " + terminal))
}

@Test(arguments: ["audit config", "audit config --explain", "explain kernel.lockdown"])
func `what is piped fits in 80 columns and has no control characters`(_ words: String) throws {
    let scratch = try Fixture.folder()
    let result = Assay.run("assay \(words)", in: scratch.path)
    for line in result.text.split(separator: "\n", omittingEmptySubsequences: false) {
        #expect(line.count <= 80, "\(line)")
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "\(line)")
    }
    #expect(result.errors.isEmpty, "\(result.errorText)")
}

@Test func `progress and warnings are on standard error, and --quiet has none`() throws {
    let scratch = try Fixture.folder()
    let words = "audit /bin/true --fail-on none --cmdline quiet --progress plain"
    let loud = Assay.run("assay \(words)", in: scratch.path)
    #expect(loud.errorText.contains("assay: warning: --cmdline"))
    #expect(loud.errorLines.allSatisfy { $0.hasPrefix("assay: ") })
    #expect(Assay.run("assay \(words) --quiet", in: scratch.path).errors.isEmpty)
    for line in Assay.run("assay audit config --progress json", in: scratch.path).errorLines {
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }
}
