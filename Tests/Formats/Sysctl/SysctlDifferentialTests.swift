import AssaySysctl
import AssayTestSupport
import Foundation
import Testing

/// The programs that the merge is compared with.
enum Reference {
    static let isContinuousIntegration = ProcessInfo.processInfo.environment["CI"] == "true"
    static let analyze = "/usr/bin/systemd-analyze"
    static let sysctl = "/lib/systemd/systemd-sysctl"

    /// A missing tool skips at home and fails in CI.
    static let compareOrder = FileManager.default.isExecutableFile(atPath: analyze) || isContinuousIntegration

    /// How to enter new mount and network namespaces here; nil where that is not permitted.
    static let namespace: [String]? = [["-m", "-n"], ["--user", "--map-root-user", "-m", "-n"]].first { arguments in
        (try? run(
            "/usr/bin/unshare",
            arguments + ["/bin/sh", "-c", "mount -t tmpfs none /run && echo 1 > /proc/sys/net/ipv4/tcp_syncookies"]))?
            .status == 0
    }

    /// Without the permission to make namespaces only root in CI must not pass silently.
    static let compareValues =
        FileManager.default.isExecutableFile(atPath: sysctl) && namespace != nil
        || isContinuousIntegration && getuid() == 0

    static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "SYSTEMD_PAGER": ""]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    static func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
        let path = "/tmp/assay-sysctl-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }
}

struct SysctlDifferentialTests {
    @Test(.enabled(if: Reference.compareOrder, "systemd-analyze is not installed"))
    func `files are read in the order that systemd-analyze cat-config prints`() throws {
        var random = SeededNumbers(state: 252)
        for number in 0..<40 {
            let tree = SysctlTree(using: &random)
            let output = try Reference.withTemporaryDirectory { root in
                try tree.write(below: root)
                return try Reference.run(Reference.analyze, ["cat-config", "--root=\(root)", "--no-pager", "sysctl.d"])
                    .output.replacingOccurrences(of: root + "/", with: "/")
            }
            let printed = output.split(separator: "\n").filter { $0.hasPrefix("# /") && $0.hasSuffix(".conf") }
                .map { String($0.dropFirst(2)) }
            let plan = SysctlPlan(directories: tree.directories)
            #expect(plan.files.map(\.path) == printed, "tree \(number)")
        }
    }

    @Test(
        .enabled(
            if: Reference.compareValues, "no permission to make network and mount namespaces, or no systemd-sysctl"))
    func `values are those that systemd-sysctl leaves in a network namespace`() throws {
        let namespace = try #require(Reference.namespace, "root cannot make namespaces here")
        var random = SeededNumbers(state: 255)
        let trees = (0..<48).map { _ in SysctlTree(using: &random) }
        let output = try Reference.withTemporaryDirectory { root in
            for (number, tree) in trees.enumerated() { try tree.write(below: "\(root)/\(number)") }
            let keys = SysctlTree.keys.map(\.path).joined(separator: "\n") + "\n"
            try keys.write(toFile: root + "/keys", atomically: false, encoding: .utf8)
            try Self.oneCase.write(toFile: root + "/case", atomically: false, encoding: .utf8)
            let loop = """
                number=0
                while test $number -lt \(trees.count); do
                    unshare \(namespace.joined(separator: " ")) /bin/sh \(root)/case \(root) $number || exit 1
                    number=$((number + 1))
                done
                """
            let (status, output) = try Reference.run("/bin/sh", ["-c", loop])
            try #require(status == 0, "the namespace script failed")
            return output
        }

        var states: [String: [SysctlKey: String]] = [:]
        for line in output.split(separator: "\n") {
            let fields = line.split(separator: " ")
            try #require(fields.count == 4)
            states["\(fields[0]) \(fields[1])", default: [:]][SysctlKey(fields[2])] = String(fields[3])
        }
        var changes = 0
        for (number, tree) in trees.enumerated() {
            let before = try #require(states["\(number) before"])
            let after = try #require(states["\(number) after"])
            let plan = SysctlPlan(directories: tree.directories)
            let predicted = Self.predict(plan, from: before)
            for key in SysctlTree.keys {
                #expect(predicted[key] == after[key], "tree \(number), \(key): \(plan.resolve(key))")
                changes += before[key] == after[key] ? 0 : 1
                guard case .set(_, let value) = plan.resolve(key).outcome else { continue }
                #expect(value == after[key], "tree \(number), \(key)")
            }
        }
        #expect(changes > 300)
    }

    private static func predict(_ plan: SysctlPlan, from before: [SysctlKey: String]) -> [SysctlKey: String] {
        var values = before
        for (key, assignment) in plan.writes(among: SysctlTree.keys) where values[key] != nil {
            values[key] = assignment.value
        }
        return values
    }

    /// Shows the generated directories to systemd-sysctl in place of the machine's and prints the keys before and after.
    ///
    /// Each key is first written with its own value: the kernel copies `conf/default` to keys that were never written.
    private static let oneCase = """
        set -e
        root=$1; number=$2
        ip link add name eth0.5 type bridge
        ip link add name br0 type bridge
        mkdir -p $root/empty
        mount -t tmpfs none /run
        mount -t tmpfs none /usr/local/lib
        mkdir -p /run/sysctl.d /usr/local/lib/sysctl.d
        for directory in /etc/sysctl.d /run/sysctl.d /usr/local/lib/sysctl.d /usr/lib/sysctl.d; do
            mount --bind $root/$number$directory $directory
        done
        show() {
            (cd /proc/sys && grep -H . $(cat $root/keys)) | sed "s/:/ /; s/^/$number $1 /"
        }
        show before | while read number state key value; do echo "$value" > /proc/sys/$key; done
        show before
        /lib/systemd/systemd-sysctl 2>/dev/null || true
        show after
        """
}
