import AssayBytes
import AssayFacts
import AssayFileSystem

/// Looks for the key files that package sources name.
struct UpdateKeys {
    private let reader: SubjectReader

    init(_ reader: SubjectReader) { self.reader = reader }

    /// The key file at `path`; an empty file is no key.
    func file(_ path: String) -> UpdateFacts.Key {
        UpdateFacts.Key(name: EscapedText(path).description, exists: exists(TreePath(path)))
    }

    /// A key that is fetched from an address, so that the subject does not hold it.
    func address(_ text: String) -> UpdateFacts.Key {
        UpdateFacts.Key(name: EscapedText(text).description, exists: nil)
    }

    /// The key file at `path`, which may hold variables such as `$releasever`.
    ///
    /// What a variable stands for is known only when the package manager runs: a file of the same directory that fits
    /// around the variables counts as the key. A variable in a directory's name leaves it open.
    func file(pattern path: String) -> UpdateFacts.Key {
        guard path.utf8.contains(0x24) else { return file(path) }
        let name = EscapedText(path).description
        let pattern = TreePath(path)
        guard let last = pattern.names.last, !pattern.parent.names.contains(where: { $0.contains(0x24) }) else {
            return UpdateFacts.Key(name: name, exists: nil)
        }
        switch reader.entries(pattern.parent) {
        case .unreadable: return UpdateFacts.Key(name: name, exists: nil)
        case .absent: return UpdateFacts.Key(name: name, exists: false)
        case .found(let entries):
            let fixed = UpdateKeys.fixedParts(last)
            let fitting = entries.filter { UpdateKeys.fits($0.name, fixed) }
                .map { exists(pattern.parent.appending($0.name)) }
            let found: Bool? = fitting.contains(true) ? true : fitting.contains(nil) ? nil : false
            return UpdateFacts.Key(name: name, exists: found)
        }
    }

    /// The keyrings that apt trusts for a source that names none (apt-key(8), apt-secure(8)).
    func aptDefaults() -> [UpdateFacts.Key] {
        var keys: [UpdateFacts.Key] = []
        if exists("/etc/apt/trusted.gpg") != false { keys.append(file("/etc/apt/trusted.gpg")) }
        let directory: TreePath = "/etc/apt/trusted.gpg.d"
        switch reader.entries(directory) {
        case .unreadable: keys.append(UpdateFacts.Key(name: directory.description, exists: nil))
        case .absent: break
        case .found(let entries):
            for entry in entries where entry.text.hasSuffix(".gpg") || entry.text.hasSuffix(".asc") {
                let path = directory.appending(entry.name)
                keys.append(UpdateFacts.Key(name: path.description, exists: exists(path)))
            }
        }
        return keys.isEmpty ? [UpdateFacts.Key(name: directory.description, exists: false)] : keys
    }

    private func exists(_ path: TreePath) -> Bool? {
        switch reader.status(path) {
        case .found(let status): status.type == .regular && status.size > 0
        case .absent: false
        case .unreadable: nil
        }
    }

    /// The bytes between the variables (`$name` and `${name}`) of a file name.
    private static func fixedParts(_ name: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        var rest = name[...]
        while let byte = rest.popFirst() {
            guard byte == 0x24 else {
                parts[parts.count - 1].append(byte)
                continue
            }
            if rest.first == 0x7B {
                rest = rest.drop { $0 != 0x7D }.dropFirst()
            } else {
                rest = rest.drop { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                        || byte == 0x5F
                }
            }
            parts.append([])
        }
        return parts
    }

    /// Whether `name` begins with the first part, ends with the last and holds the others in their order between.
    private static func fits(_ name: [UInt8], _ parts: [[UInt8]]) -> Bool {
        guard let first = parts.first, let last = parts.last, parts.count > 1,
            name.count >= first.count + last.count, name.starts(with: first),
            name.suffix(last.count).elementsEqual(last)
        else { return false }
        var rest = name[first.count..<(name.count - last.count)]
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            while !rest.isEmpty, !rest.starts(with: part) { rest = rest.dropFirst() }
            guard !rest.isEmpty else { return false }
            rest = rest.dropFirst(part.count)
        }
        return true
    }
}
