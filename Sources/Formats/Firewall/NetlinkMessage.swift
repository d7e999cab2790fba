import AssayBytes

/// Why a message of the kernel could not be read.
struct NetlinkError: Error, Hashable {
    var message: String
}

/// One attribute of a message: a type and its bytes.
///
/// Layout: <https://docs.kernel.org/userspace-api/netlink/intro.html>, section "Netlink protocol"; lengths and types are
/// in the byte order of the machine, the numbers inside nf_tables' attributes are big-endian.
struct NetlinkAttributes {
    private(set) var list: [(type: UInt16, bytes: ArraySlice<UInt8>)] = []

    init(_ bytes: ArraySlice<UInt8>, order: Endianness) throws(NetlinkError) {
        var rest = bytes
        while !rest.isEmpty {
            guard let length = rest.number16(order).map({ Int($0) }), length >= 4, length <= rest.count,
                let type = rest.dropFirst(2).number16(order), list.count < 100_000
            else { throw NetlinkError(message: "truncated attribute") }
            list.append((type & 0x3FFF, rest.dropFirst(4).prefix(length - 4)))
            rest = rest.dropFirst((length + 3) & ~3)
        }
    }

    /// The bytes of the last attribute of `type`.
    subscript(_ type: UInt16) -> ArraySlice<UInt8>? { list.last { $0.type == type }?.bytes }

    /// A string up to its first NUL.
    func text(_ type: UInt16) -> String? { self[type].map { $0.cString } }

    /// A big-endian number of four or eight bytes.
    func number(_ type: UInt16) -> UInt64? {
        guard let bytes = self[type], bytes.count == 4 || bytes.count == 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension ArraySlice<UInt8> {
    /// The first two bytes as a number.
    func number16(_ order: Endianness) -> UInt16? { number(2, order).map { UInt16($0) } }

    /// The first four bytes as a number.
    func number32(_ order: Endianness) -> UInt32? { number(4, order).map { UInt32($0) } }

    private func number(_ width: Int, _ order: Endianness) -> UInt64? {
        guard count >= width else { return nil }
        let bytes = prefix(width)
        return order == .big
            ? bytes.reduce(0) { $0 << 8 | UInt64($1) } : bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The bytes before the first NUL as text.
    var cString: String { String(decoding: prefix { $0 != 0 }, as: UTF8.self) }
}

/// A message of the nf_tables subsystem.
struct NetlinkMessage {
    /// Which object the message announces (linux/netfilter/nf_tables.h, `enum nf_tables_msg_types`).
    enum Kind: UInt16 {
        case table = 0
        case chain = 3
        case rule = 6
        case set = 9
        case elements = 12
    }

    var kind: Kind
    /// `ip`, `ip6`, `inet` or another family that does not matter here.
    var family: String
    var attributes: NetlinkAttributes

    /// The messages of a buffer; other subsystems and control messages are passed over.
    static func read(_ buffer: [UInt8], order: Endianness) throws(NetlinkError) -> [NetlinkMessage] {
        var result: [NetlinkMessage] = []
        var rest = buffer[...]
        while !rest.isEmpty {
            guard let length = rest.number32(order).flatMap({ Int(exactly: $0) }), length >= 16, length <= rest.count,
                let type = rest.dropFirst(4).number16(order), let flags = rest.dropFirst(6).number16(order)
            else { throw NetlinkError(message: "truncated message") }
            // NLM_F_DUMP_INTR: what was read before does not belong to what comes after.
            guard flags & 0x10 == 0 else { throw NetlinkError(message: "the rules changed while they were read") }
            let payload = rest.prefix(length).dropFirst(16)
            rest = rest.dropFirst((length + 3) & ~3)
            if type == 2, let code = payload.number32(order), code != 0 {
                throw NetlinkError(message: "the kernel answers with error \(Int64(Int32(bitPattern: code)).magnitude)")
            }
            // NFNL_SUBSYS_NFTABLES is 10.
            guard type >> 8 == 10, let kind = Kind(rawValue: type & 0xFF) else { continue }
            guard payload.count >= 4, let family = payload.first else {
                throw NetlinkError(message: "truncated message")
            }
            let names: [UInt8: String] = [1: "inet", 2: "ip", 10: "ip6"]
            result.append(
                NetlinkMessage(
                    kind: kind, family: names[family] ?? "other",
                    attributes: try NetlinkAttributes(payload.dropFirst(4), order: order)))
        }
        return result
    }
}
