import AssayTestSupport
import Foundation
import Testing

@Test func `a root directory is never mixed with the machine it is examined on`() throws {
    let scratch = ScratchDirectory()
    try scratch.write("root/etc/os-release", "ID=debian\nVERSION_ID=12\n")
    let run = Assay.run("assay audit root --facts facts.json --format json --output report.json", in: scratch.path)
    #expect(run.isAnswer, "\(run.errorText)")
    let saved = shell("cat facts.json report.json", in: scratch.path).text
    let host = shell(
        "uname -r; uname -n; cat /proc/cmdline /etc/machine-id /etc/hostname 2>&-; cut -d: -f1 /etc/passwd")
    for word in host.text.split(separator: "\n").map(String.init) where word.count > 6 {
        #expect(!saved.contains(word), "\(word)")
    }
    for word in ["\"/proc", "\"/sys/", "netlink", "\"live\"", "libc.so.6", scratch.path] {
        #expect(!shell("cat facts.json", in: scratch.path).text.contains(word), "\(word)")
    }
}

@Test func `nothing outside the root is opened, and nothing in it is run`() throws {
    guard isAvailable("strace") else { return }
    let scratch = ScratchDirectory()
    try scratch.write("root/etc/os-release", "ID=debian\n")
    shell(
        """
        mkdir -p root/usr/bin root/etc/sysctl.d root/boot root/usr/lib/x86_64-linux-gnu && cp /bin/true root/usr/bin/
        ln -s /etc/shadow root/etc/shadow; ln -s ../../../../../../etc/passwd root/etc/passwd
        ln -s \(scratch.path)/secret root/etc/sysctl.d/9.conf; echo kernel.kptr_restrict=2 >secret
        ln -s \(scratch.path)/secret root/boot/config-1.0
        ln -s /lib/x86_64-linux-gnu/libc.so.6 root/usr/lib/x86_64-linux-gnu/libc.so.6
        """, in: scratch.path)
    let result = Assay.run(
        "strace -f -qq -o trace -e trace=execve,open,openat,openat2 \"$ASSAY\" audit root --format json",
        in: scratch.path)
    #expect(result.isAnswer)
    #expect(!result.text.contains("kptr_restrict=2"))
    let calls = shell("cat trace", in: scratch.path).text.split(separator: "\n")
    #expect(calls.filter { $0.contains("execve(") }.count == 1)
    for call in calls where !call.contains(" = -1 ") {
        #expect(
            !call.contains("/etc/shadow") && !call.contains("/secret") && !call.contains("\"/etc/passwd"), "\(call)")
    }
}
