/// A type #1 entry of the Boot Loader Specification: `/loader/entries/*.conf`.
///
/// Lines of a key, white space and a value; `#` begins a comment line. Keys that may repeat are joined.
/// <https://uapi-group.org/specifications/specs/boot_loader_specification/#type-1-boot-loader-specification-entries>
public struct LoaderEntry: Hashable, Sendable {
    /// A key and its value.
    public struct Field: Hashable, Sendable {
        /// The key, as written.
        public let key: String
        /// The value, without surrounding white space.
        public let value: String
        /// Counted from 1.
        public let line: Int
    }

    /// The file name.
    public let fileName: String
    /// The file name without `.conf` and without boot counting.
    public let id: String
    /// Tries left in the boot counting suffix `+LEFT-DONE`; nil without one.
    public let triesLeft: Int?
    /// Tries done in the boot counting suffix; 0 when the suffix has none.
    public let triesDone: Int?
    /// All fields in order.
    public let fields: [Field]
    /// Lines with a key but without a value, which are ignored.
    public let ignoredLines: [Int]

    /// Parses `bytes` of the file `fileName`.
    public init(_ bytes: [UInt8], fileName: String) {
        var fields: [Field] = []
        var ignored: [Int] = []
        for (line, text) in TextRecord.lines(bytes) {
            guard let first = text.utf8.first, first != UInt8(ascii: "#") else { continue }
            let (key, value) = TextRecord.key(text)
            if value.isEmpty {
                ignored.append(line)
            } else {
                fields.append(Field(key: String(key), value: String(value), line: line))
            }
        }
        self.fields = fields
        self.fileName = fileName
        ignoredLines = ignored
        (id, triesLeft, triesDone) = LoaderEntry.counted(fileName)
    }

    /// Whether the boot counting says that the entry did not work: no tries are left.
    public var isBad: Bool { triesLeft == 0 }
    /// What the menu shows.
    public var title: String? { last("title") }
    /// The version, by which entries are sorted.
    public var version: String? { last("version") }
    /// The machine ID.
    public var machineID: String? { last("machine-id") }
    /// The sort key.
    public var sortKey: String? { last("sort-key") }
    /// The path of the kernel, from the root of the file system that the entry is on.
    public var linux: String? { last("linux") }
    /// The path of an EFI program that is started in place of a kernel.
    public var efi: String? { last("efi") }
    /// The path of a unified kernel image.
    public var uki: String? { last("uki") }
    /// The EFI architecture that the entry is for.
    public var architecture: String? { last("architecture") }
    /// The initial RAM disks.
    public var initrds: [String] { fields.filter { $0.key == "initrd" }.map(\.value) }
    /// Whether there is an `options` field; GRUB's `blscfg` takes `$default_kernelopts` when there is none.
    public var hasOptions: Bool { fields.contains { $0.key == "options" } }
    /// The kernel command line: all `options` fields, joined by spaces.
    public var options: String { fields.filter { $0.key == "options" }.map(\.value).joined(separator: " ") }
    /// The lines of the `options` fields.
    public var optionLines: [Int] { fields.filter { $0.key == "options" }.map(\.line) }

    /// The options with `$name` replaced from an environment block, as GRUB's `blscfg` does it and systemd-boot does not.
    ///
    /// A name that `environment` does not know becomes empty and is among the second result.
    public func options(expanding environment: (String) -> String?) -> (text: String, unknown: [String]) {
        var result = ""
        var unknown: [String] = []
        var rest = options[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            let name = rest[rest.index(after: dollar)...].prefix {
                $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber)
            }
            if name.isEmpty { result += "$" }
            if let value = environment(String(name)), !name.isEmpty {
                result += value
            } else if !name.isEmpty {
                unknown.append(String(name))
            }
            rest = rest[name.endIndex...]
        }
        return (result + rest, unknown)
    }

    private static func isNumber(_ text: Substring) -> Bool { text.utf8.allSatisfy { (0x30...0x39).contains($0) } }

    private func last(_ key: String) -> String? { fields.last { $0.key == key }?.value }

    /// The id and the counters of a file name such as `name+3-1.conf`.
    private static func counted(_ fileName: String) -> (String, Int?, Int?) {
        let stem = fileName.hasSuffix(".conf") ? fileName.dropLast(5) : fileName[...]
        guard let plus = stem.lastIndex(of: "+") else { return (String(stem), nil, nil) }
        let parts = stem[stem.index(after: plus)...].split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && LoaderEntry.isNumber($0) }),
            let left = Int(parts[0]), let done = parts.count == 2 ? Int(parts[1]) : 0
        else { return (String(stem), nil, nil) }
        return (String(stem[..<plus]), left, done)
    }
}

extension LoaderEntry {
    /// The entries in the order of the menu: the specification's order, as systemd-boot sorts.
    ///
    /// Bad entries last; entries with a sort key before those without; by sort key, machine ID and version (newest first);
    /// then by file name (newest first) and by tries.
    public static func sorted(_ entries: [LoaderEntry]) -> [LoaderEntry] { entries.sorted { order($0, $1) < 0 } }

    private static func order(_ left: LoaderEntry, _ right: LoaderEntry) -> Int {
        if left.isBad != right.isBad { return left.isBad ? 1 : -1 }
        if (left.sortKey != nil) != (right.sortKey != nil) { return left.sortKey != nil ? -1 : 1 }
        if let first = left.sortKey, let second = right.sortKey {
            let steps = [
                bytes(first, second), bytes(left.machineID ?? "", right.machineID ?? ""),
                -VersionOrder.compare(left.version ?? "", right.version ?? ""),
            ]
            if let step = steps.first(where: { $0 != 0 }) { return step }
        }
        let byName = -VersionOrder.compare(left.id, right.id)
        guard byName == 0 else { return byName }
        guard let first = left.triesLeft, let second = right.triesLeft else { return 0 }
        if first != second { return first > second ? -1 : 1 }
        return (left.triesDone ?? 0) - (right.triesDone ?? 0) < 0 ? -1 : left.triesDone == right.triesDone ? 0 : 1
    }

    private static func bytes(_ left: String, _ right: String) -> Int {
        if left == right { return 0 }
        return Array(left.utf8).lexicographicallyPrecedes(Array(right.utf8)) ? -1 : 1
    }
}
