/// The name of a kernel parameter as the path below `/proc/sys`, in the form in which systemd-sysctl compares names.
///
/// The first separator decides: a slash leaves the name as it is, a dot swaps all dots and slashes. Empty and `.`
/// components and the leading slash are dropped; `..` stays (sysctl.d(5), "Configuration format"; systemd from v246 on:
/// older versions keep doubled slashes, so that such a name is another key there).
/// <https://www.freedesktop.org/software/systemd/man/sysctl.d.html>
public struct SysctlKey: Hashable, Sendable, CustomStringConvertible {
    /// The path below `/proc/sys`, without a leading slash.
    public let path: String

    /// Makes the key that `name` stands for; `name` may hold a glob pattern.
    public init(_ name: some StringProtocol) {
        var bytes = Array(name.utf8)
        let slash = UInt8(ascii: "/")
        let dot = UInt8(ascii: ".")
        if let first = bytes.first(where: { $0 == slash || $0 == dot }), first == dot {
            for index in bytes.indices {
                if bytes[index] == dot {
                    bytes[index] = slash
                } else if bytes[index] == slash {
                    bytes[index] = dot
                }
            }
        }
        let components = bytes.split(separator: slash).filter { $0 != [dot] }
        path = String(decoding: Array(components.joined(separator: [slash])), as: UTF8.self)
    }

    /// The path below `/proc/sys`.
    public var description: String { path }

    /// The usual spelling with dots, as sysctl(8) prints it: `net.ipv4.conf.eth0/5.rp_filter`.
    public var dotted: String {
        let bytes = path.utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "/"): UInt8(ascii: ".")
            case UInt8(ascii: "."): UInt8(ascii: "/")
            default: byte
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the name is a pattern: it holds `*`, `?` or `[`.
    public var isGlob: Bool {
        path.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") }
    }

    /// Whether a component is `..`: systemd-sysctl refuses to write such a name.
    public var hasParentReference: Bool { path.split(separator: "/").contains("..") }
}
