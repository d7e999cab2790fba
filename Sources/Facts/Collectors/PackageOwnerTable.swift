import AssayBytes

/// Owners by the hashes of paths, in 16 bytes for each path instead of its text.
///
/// 400,000 paths take 6.4 MB. A look-up is a binary search.
struct PackageOwnerTable: Sendable {
    fileprivate struct Entry: Sendable {
        let hash: UInt64
        let package: UInt32
    }

    /// Stands for a path of several packages, a directory mostly.
    private static let shared = UInt32.max

    private let entries: [Entry]
    private let names: [String]

    /// The number of paths.
    var count: Int { entries.count }

    /// The package of the path with this hash, if exactly one owns it.
    func owner(_ hash: UInt64) -> String? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].hash == hash, entries[low].package != PackageOwnerTable.shared else {
            return nil
        }
        return names[Int(entries[low].package)]
    }

    /// Collects entries in any order.
    struct Builder {
        /// The most paths that are kept.
        static let limit = 4_000_000

        private var entries: [Entry] = []
        private var names: [String] = []
        private var indexes: [String: UInt32] = [:]

        /// Whether paths were left out.
        private(set) var isFull = false

        /// The number of the package `name`, the same for each of its architectures.
        mutating func package(_ name: String) -> UInt32 {
            let text = EscapedText(name).description
            if let index = indexes[text] { return index }
            let index = UInt32(truncatingIfNeeded: names.count)
            names.append(text)
            indexes[text] = index
            return index
        }

        /// Notes that the package of number `package` owns the path with this hash.
        mutating func add(_ hash: UInt64, _ package: UInt32) {
            guard entries.count < Builder.limit else {
                isFull = true
                return
            }
            entries.append(Entry(hash: hash, package: package))
        }

        /// The table of all that was added.
        consuming func table() -> PackageOwnerTable {
            entries.sort { ($0.hash, $0.package) < ($1.hash, $1.package) }
            var kept = 0
            for entry in entries {
                guard kept > 0, entries[kept - 1].hash == entry.hash else {
                    entries[kept] = entry
                    kept += 1
                    continue
                }
                if entries[kept - 1].package != entry.package {
                    entries[kept - 1] = Entry(hash: entry.hash, package: PackageOwnerTable.shared)
                }
            }
            entries.removeLast(entries.count - kept)
            return PackageOwnerTable(entries: entries, names: names)
        }
    }

    private init(entries: [Entry], names: [String]) {
        self.entries = entries
        self.names = names
    }
}
