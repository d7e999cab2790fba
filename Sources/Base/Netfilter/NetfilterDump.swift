import CAssayNetfilter

/// One run over all objects of nf_tables.
///
/// Requests and answers: <https://docs.kernel.org/userspace-api/netlink/intro.html>; numbers: `linux/netlink.h`,
/// `linux/netfilter/nfnetlink.h`, `linux/netfilter/nf_tables.h`. Headers are in the byte order of the machine, which is
/// little-endian on all machines that this runs on.
struct NetfilterDump {
    /// How a dump ended.
    enum End: Equatable {
        case done
        case changed
        case tooLarge
        case malformed
        case refused(Int32)
    }

    /// The requests that list objects, with the answers that they bring.
    private enum Request: UInt8 {
        case tables = 1
        case chains = 4
        case rules = 7
        case sets = 10
        case elements = 13
    }

    /// A set, named as the kernel names it.
    private struct SetName: Hashable {
        var family: UInt8
        var table: [UInt8]
        var name: [UInt8]
    }

    private static let maximumSets = 4096

    private let socket: Int32
    private var sequence: UInt32
    private var size = 0
    private var sets: [SetName] = []
    private(set) var buffers: [[UInt8]] = []

    init(socket: Int32, sequence: UInt32) {
        self.socket = socket
        self.sequence = sequence
    }

    mutating func run() -> End {
        for request in [Request.tables, .chains, .rules, .sets] {
            let end = dump(request, family: 0, attributes: [])
            guard end == .done else { return end }
        }
        for set in sets {
            let attributes = attribute(1, set.table) + attribute(2, set.name)
            let end = dump(.elements, family: set.family, attributes: attributes)
            // A set that is gone by now: the rules have changed.
            if end == .refused(Errno.noSuchEntry) { return .changed }
            guard end == .done else { return end }
        }
        return .done
    }

    private func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        let length = 4 + value.count
        return number(UInt16(truncatingIfNeeded: length)) + number(type) + value
            + [UInt8](repeating: 0, count: (4 - length % 4) % 4)
    }

    private func number(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<(value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private mutating func dump(_ request: Request, family: UInt8, attributes: [UInt8]) -> End {
        sequence += 1
        // NFNL_SUBSYS_NFTABLES is 10; NLM_F_REQUEST | NLM_F_DUMP.
        let type = UInt16(10) << 8 | UInt16(request.rawValue)
        let length = UInt32(truncatingIfNeeded: 20 + attributes.count)
        let header = number(length) + number(type) + number(UInt16(0x301)) + number(sequence) + number(UInt32(0))
        let message = header + [family, 0, 0, 0] + attributes
        let sent = unsafe message.withUnsafeBytes { buffer in
            unsafe assay_netfilter_send(socket, buffer.baseAddress, buffer.count)
        }
        guard sent == 0 else { return .refused(-sent) }
        while true {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe assay_netfilter_receive(socket, bytes.baseAddress, bytes.count)
            }
            guard count >= 0 else { return .refused(Int32(truncatingIfNeeded: -count)) }
            buffer.removeLast(buffer.count - Int(count))
            size += buffer.count
            guard size <= Netfilter.maximumSize else { return .tooLarge }
            if let end = take(buffer) { return end }
        }
    }

    /// Looks through a datagram; an end when it is the last of the dump.
    private mutating func take(_ buffer: [UInt8]) -> End? {
        var rest = buffer[...]
        var isOurs = false
        while let header = Header(rest) {
            guard header.length >= 16, header.length <= rest.count else { return .malformed }
            let body = rest.prefix(header.length).dropFirst(16)
            rest = rest.dropFirst((header.length + 3) & ~3)
            // An answer to a request of an earlier attempt.
            guard header.sequence == sequence else { continue }
            isOurs = true
            if header.flags & 0x10 != 0 { return .changed }
            if header.type == 2 || header.type == 3 {
                let code = body.count >= 4 ? Int32(truncatingIfNeeded: Header.number(body.prefix(4))) : 0
                if code != 0 { return .refused(code.magnitude > 4095 ? 0 : -code) }
                keep(buffer, isOurs)
                return .done
            }
            if header.type == UInt16(10) << 8 | 9 {
                guard addSet(body) else { return .tooLarge }
            }
        }
        guard rest.isEmpty else { return .malformed }
        keep(buffer, isOurs)
        return nil
    }

    private mutating func keep(_ buffer: [UInt8], _ isOurs: Bool) {
        if isOurs { buffers.append(buffer) }
    }

    /// Remembers the set that a message announces, so that its elements are asked for.
    private mutating func addSet(_ body: ArraySlice<UInt8>) -> Bool {
        guard let family = body.first, sets.count < NetfilterDump.maximumSets else { return false }
        var set = SetName(family: family, table: [], name: [])
        var rest = body.dropFirst(4)
        while rest.count >= 4 {
            let length = Int(Header.number(rest.prefix(2)))
            guard length >= 4, length <= rest.count else { break }
            let type = Header.number(rest.dropFirst(2).prefix(2)) & 0x3FFF
            let value = Array(rest.prefix(length).dropFirst(4))
            if type == 1 { set.table = value }
            if type == 2 { set.name = value }
            rest = rest.dropFirst((length + 3) & ~3)
        }
        if !set.name.isEmpty { sets.append(set) }
        return true
    }

    /// The header of a message: `struct nlmsghdr`.
    private struct Header {
        var length: Int
        var type: UInt16
        var flags: UInt16
        var sequence: UInt32

        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count >= 16 else { return nil }
            length = Int(Header.number(bytes.prefix(4)))
            type = UInt16(Header.number(bytes.dropFirst(4).prefix(2)))
            flags = UInt16(Header.number(bytes.dropFirst(6).prefix(2)))
            sequence = UInt32(Header.number(bytes.dropFirst(8).prefix(4)))
        }

        static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    }
}
