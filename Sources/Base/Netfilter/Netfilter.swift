import CAssayNetfilter

/// Reads the packet filter of the running kernel, without changing it.
///
/// The bytes are handed out as the kernel wrote them; `AssayFirewall` reads them. Nothing here waits longer than its time
/// limit or keeps more than its size limit.
public enum Netfilter {
    /// The most that is read of one packet filter: 16 MiB.
    public static let maximumSize = 16 << 20

    /// A table of legacy iptables.
    public struct LegacyTable: Hashable, Sendable {
        /// The 84 bytes of `struct ipt_getinfo`.
        public let info: [UInt8]
        /// The entries, as long as `info` says.
        public let entries: [UInt8]
    }

    /// The protocol of a legacy table.
    public enum Version: Int32, Hashable, Sendable {
        /// IP version 4.
        case ipv4 = 4
        /// IP version 6.
        case ipv6 = 6
    }

    /// Dumps tables, chains, rules, sets and set elements of nf_tables, of all families.
    ///
    /// The dumps are taken again when the rules change in between. Needs CAP_NET_ADMIN.
    ///
    /// - Parameter timeout: the longest wait for one answer, in milliseconds.
    /// - Returns: the datagrams that the kernel sent.
    public static func readRuleset(timeout: Int32 = 2000) -> NetfilterAnswer<[[UInt8]]> {
        let socket = assay_netfilter_open(timeout)
        guard socket >= 0 else { return .refused(-socket, "cannot open a netfilter socket") }
        defer { assay_netfilter_close(socket) }
        for attempt in 0..<5 {
            var dump = NetfilterDump(socket: socket, sequence: UInt32(attempt) << 16)
            switch dump.run() {
            case .done: return .value(dump.buffers)
            case .changed: continue
            case .refused(let number): return .refused(number, "the kernel refused a dump of nf_tables")
            case .tooLarge: return .failed("the rules are larger than \(maximumSize) bytes")
            case .malformed: return .failed("an answer of the kernel is malformed")
            }
        }
        return .failed("the rules changed while they were read")
    }

    /// Reads a table of legacy iptables.
    ///
    /// Needs CAP_NET_RAW and CAP_NET_ADMIN. The kernel may load the table's module to answer. To leave the machine as it is, call this only for a table that
    /// `/proc/net/ip_tables_names` (or `ip6_tables_names`) lists: a table that is not there has no rules.
    public static func readLegacyTable(_ version: Version, table: String = "filter") -> NetfilterAnswer<LegacyTable> {
        var info = [UInt8](repeating: 0, count: Int(ASSAY_XTABLES_INFO_SIZE))
        // The table can change between the two calls; then the sizes differ and both are asked again.
        for _ in 0..<5 {
            let asked = unsafe info.withUnsafeMutableBytes { buffer in
                unsafe assay_xtables_info(version.rawValue, table, buffer.baseAddress)
            }
            guard asked == 0 else { return .refused(-asked, "no legacy table '\(table)'") }
            // The last field of the header is the size of the entries.
            let size = info[80..<84].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard size <= UInt32(maximumSize) else { return .failed("the table is larger than \(maximumSize) bytes") }
            var entries = [UInt8](repeating: 0, count: Int(size))
            let read = unsafe entries.withUnsafeMutableBytes { buffer in
                unsafe assay_xtables_entries(version.rawValue, table, buffer.baseAddress, size)
            }
            if read == 0 { return .value(LegacyTable(info: info, entries: entries)) }
            guard read == -Errno.again || read == -Errno.invalid else {
                return .refused(-read, "cannot read the legacy table '\(table)'")
            }
        }
        return .failed("the table changed while it was read")
    }
}
