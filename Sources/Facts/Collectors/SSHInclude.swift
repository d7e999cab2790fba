import AssayBytes
import AssayFacts
import AssayFileSystem

/// Finds the files that the pattern of an `Include` matches, as glob(3) does.
struct SSHInclude {
    /// The most paths that one pattern gives.
    static let pathLimit = 4096

    let reader: SubjectReader

    init(_ reader: SubjectReader) { self.reader = reader }

    /// The paths that match, in the order of their bytes; a pattern without wildcards gives itself.
    func paths(of pattern: String, _ gaps: inout [Gap]) -> [TreePath] {
        var found: [TreePath] = [.root]
        for part in pattern.utf8.split(separator: UInt8(ascii: "/")).prefix(256) {
            let part = Array(part)
            guard
                part.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") })
            else {
                found = found.map { TreePath(names: $0.names + TreePath(part).names) }
                continue
            }
            var next: [TreePath] = []
            for directory in found {
                switch reader.entries(directory) {
                case .absent: continue
                case .unreadable(let reason): gaps.append(Gap(Place(directory.description), reason: reason))
                case .found(let entries):
                    // A wildcard does not match the dot of a hidden name.
                    let matching = entries.filter { entry in
                        (entry.name.first != UInt8(ascii: ".") || part.first == UInt8(ascii: "."))
                            && SSHInclude.matches(part, entry.name)
                    }
                    next += matching.map { directory.appending($0.name) }
                }
                guard next.count <= SSHInclude.pathLimit else {
                    gaps.append(
                        Gap(
                            Place(directory.description),
                            reason: "an Include gives more than \(SSHInclude.pathLimit) files"))
                    return []
                }
            }
            found = next
        }
        return found.sorted()
    }

    /// Whether `pattern` matches the whole of `name`; the work is bounded by the product of their lengths.
    static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
        var inPattern = 0
        var inName = 0
        var star: (pattern: Int, name: Int)?
        while inName < name.count {
            if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
                star = (inPattern + 1, inName)
                inPattern += 1
            } else if let next = step(pattern, inPattern, name[inName]) {
                inPattern = next
                inName += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                inPattern = last.pattern
                inName = last.name + 1
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// The position behind the element at `position` when that matches `byte`.
    private static func step(_ pattern: [UInt8], _ position: Int, _ byte: UInt8) -> Int? {
        guard position < pattern.count else { return nil }
        switch pattern[position] {
        case UInt8(ascii: "?"): return position + 1
        case UInt8(ascii: "\\"):
            guard position + 1 < pattern.count else { return byte == UInt8(ascii: "\\") ? position + 1 : nil }
            return pattern[position + 1] == byte ? position + 2 : nil
        case UInt8(ascii: "["): return set(pattern, position, byte)
        case byte: return position + 1
        default: return nil
        }
    }

    /// A bracket expression; one that never closes is a bracket.
    private static func set(_ pattern: [UInt8], _ position: Int, _ byte: UInt8) -> Int? {
        var index = position + 1
        let isNegated =
            index < pattern.count && (pattern[index] == UInt8(ascii: "!") || pattern[index] == UInt8(ascii: "^"))
        if isNegated { index += 1 }
        let first = index
        var isIn = false
        while index < pattern.count {
            let low = pattern[index]
            if low == UInt8(ascii: "]"), index > first { return isIn != isNegated ? index + 1 : nil }
            if index + 2 < pattern.count, pattern[index + 1] == UInt8(ascii: "-"),
                pattern[index + 2] != UInt8(ascii: "]")
            {
                isIn = isIn || (low <= byte && byte <= pattern[index + 2])
                index += 3
            } else {
                isIn = isIn || low == byte
                index += 1
            }
        }
        return byte == UInt8(ascii: "[") ? position + 1 : nil
    }
}
