import AssaySysctl
import AssayTestSupport
import Foundation

/// A generated set of sysctl.d directories that can be written below a root and read by the merge.
struct SysctlTree {
    /// By directory and file name; nil is a link to /dev/null.
    var files: [String: [String: String?]] = [:]

    private static let names = ["10-a.conf", "50-default.conf", "60-b.conf", "99-sysctl.conf", "B.conf", "a.conf", "x"]

    static let interfaces = ["all", "default", "lo", "eth0.5", "br0"]
    static let interfaceKeys = [
        "rp_filter": 0...2, "log_martians": 0...1, "send_redirects": 0...1, "accept_source_route": 0...1,
        "secure_redirects": 0...1, "arp_ignore": 0...3, "arp_announce": 0...2,
    ]
    static let plainKeys = [
        "net/ipv4/tcp_syncookies": 0...2, "net/ipv4/icmp_echo_ignore_all": 0...1, "net/ipv4/tcp_fin_timeout": 20...90,
        "net/ipv4/ip_default_ttl": 30...90, "net/ipv4/icmp_echo_ignore_broadcasts": 0...1,
        "net/core/somaxconn": 100...999,
    ]
    /// Every key that a tree may set, as paths.
    static var keys: [SysctlKey] {
        let perInterface = interfaces.flatMap { name in interfaceKeys.keys.map { "net/ipv4/conf/\(name)/\($0)" } }
        return (perInterface + plainKeys.keys).sorted().map { SysctlKey($0) }
    }

    init(using random: inout SeededNumbers) {
        for directory in SysctlDirectory.searchPath {
            files[directory] = [:]
            for name in SysctlTree.names where Int.random(in: 0..<3, using: &random) == 0 {
                let isMask = Int.random(in: 0..<6, using: &random) == 0
                files[directory]?[name] = .some(isMask ? nil : SysctlTree.text(using: &random))
            }
        }
    }

    private static func text(using random: inout SeededNumbers) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...9, using: &random) {
            text += line(using: &random)
            text += ["\n", "\n", "\n", "\r\n", "\n\n"].randomElement(using: &random) ?? "\n"
        }
        return text
    }

    private static func line(using random: inout SeededNumbers) -> String {
        let kind = Int.random(in: 0..<20, using: &random)
        if kind == 0 { return "# net.ipv4.tcp_syncookies = 0" }
        if kind == 1 { return "no assignment" }
        var name: String
        var values: ClosedRange<Int>
        if kind < 6, let key = plainKeys.keys.sorted().randomElement(using: &random) {
            values = plainKeys[key] ?? 0...0
            name = key
            if kind == 2 { name = key.replacingOccurrences(of: "net/", with: "net/../net/") }
            if kind == 3, key == "net/ipv4/tcp_syncookies" { name = "net/ipv4/tcp_*cookies" }
        } else {
            let key = interfaceKeys.keys.sorted().randomElement(using: &random) ?? ""
            values = interfaceKeys[key] ?? 0...0
            let patterns = interfaces + ["*", "*", "*", "?o", "[!l]*", "[a-e]*", "eth*", "e*.5", "*o", "nothing*"]
            name = "net/ipv4/conf/\(patterns.randomElement(using: &random) ?? "")/\(key)"
            if kind == 6 { name = "net/*/conf/lo/\(key)" }
        }
        if name.contains("..") {
            // Dotted spelling of a parent reference is another name.
        } else if Bool.random(using: &random) {
            name = SysctlKey(name).dotted
        }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return "-\(name)"
        case 1: return "-\(name) = \(Int.random(in: values, using: &random))"
        case 2: return "  \(name)=\(Int.random(in: values, using: &random))  "
        default: return "\(name) = \(Int.random(in: values, using: &random))"
        }
    }

    /// The input of the merge.
    var directories: [SysctlDirectory] {
        SysctlDirectory.searchPath.map { path in
            SysctlDirectory(
                path: path,
                entries: (files[path] ?? [:]).map { name, text in
                    SysctlEntry(name, text.map { .bytes(Array($0.utf8)) } ?? .masked)
                })
        }
    }

    /// Writes the tree below `root`.
    func write(below root: String) throws {
        for (directory, entries) in files {
            try FileManager.default.createDirectory(atPath: root + directory, withIntermediateDirectories: true)
            for (name, text) in entries {
                let path = "\(root)\(directory)/\(name)"
                if let text {
                    try text.write(toFile: path, atomically: false, encoding: .utf8)
                } else {
                    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/null")
                }
            }
        }
    }
}
