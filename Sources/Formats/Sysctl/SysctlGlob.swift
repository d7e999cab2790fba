/// A pattern for keys, as glob(7) matches it: component by component, so that `*` never crosses a slash.
///
/// `*`, `?`, `[…]`, `[!…]` and backslash are special; a leading dot of a component is only matched by a dot.
public struct SysctlGlob: Hashable, Sendable {
    /// The longest path that the kernel takes, less `/proc/sys/` and the NUL: glob(3) never matches a longer pattern.
    private static let longestPath = 4096 - 11

    /// nil for a pattern that is too long.
    private let components: [[UInt8]]?

    /// Makes the pattern of `key`.
    public init(_ key: SysctlKey) {
        guard key.path.utf8.count <= SysctlGlob.longestPath else {
            components = nil
            return
        }
        components = key.path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
    }

    /// Whether `key` is one of the keys that the pattern stands for.
    public func matches(_ key: SysctlKey) -> Bool {
        let names = key.path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
        guard let components, names.count == components.count else { return false }
        for (pattern, name) in zip(components, names) where !SysctlGlob.component(pattern, matches: name) {
            return false
        }
        return true
    }

    /// Matches one component in at most pattern × name steps: on a mismatch only the last star is tried again.
    private static func component(_ pattern: [UInt8], matches name: [UInt8]) -> Bool {
        if name.first == UInt8(ascii: "."), pattern.first != UInt8(ascii: "."),
            !pattern.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: ".")])
        {
            return false
        }
        var patternIndex = 0
        var nameIndex = 0
        var retry: (pattern: Int, name: Int)?
        while nameIndex < name.count {
            if patternIndex < pattern.count, pattern[patternIndex] == UInt8(ascii: "*") {
                patternIndex += 1
                retry = (patternIndex, nameIndex)
                continue
            }
            if patternIndex < pattern.count,
                let next = one(pattern, at: patternIndex, matches: name[nameIndex])
            {
                patternIndex = next
                nameIndex += 1
                continue
            }
            guard let last = retry else { return false }
            patternIndex = last.pattern
            nameIndex = last.name + 1
            retry = (last.pattern, nameIndex)
        }
        return pattern[patternIndex...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// The index behind the element at `index` when it matches `byte`, else nil.
    private static func one(_ pattern: [UInt8], at index: Int, matches byte: UInt8) -> Int? {
        switch pattern[index] {
        case UInt8(ascii: "?"): return index + 1
        case UInt8(ascii: "\\") where index + 1 < pattern.count:
            return pattern[index + 1] == byte ? index + 2 : nil
        case UInt8(ascii: "["):
            guard let (set, next) = bracket(pattern, at: index) else { return byte == pattern[index] ? index + 1 : nil }
            return set.contains(byte) ? next : nil
        default: return pattern[index] == byte ? index + 1 : nil
        }
    }

    /// The bytes that the bracket expression at `index` stands for and the index behind it; nil when it has no end.
    private static func bracket(_ pattern: [UInt8], at index: Int) -> (Set<UInt8>, Int)? {
        var position = index + 1
        var negated = false
        if position < pattern.count, [UInt8(ascii: "!"), UInt8(ascii: "^")].contains(pattern[position]) {
            negated = true
            position += 1
        }
        let first = position
        var members: Set<UInt8> = []
        while position < pattern.count {
            let byte = pattern[position]
            if byte == UInt8(ascii: "]"), position > first {
                guard negated else { return (members, position + 1) }
                return (Set((0...255).filter { !members.contains($0) }), position + 1)
            }
            if byte == UInt8(ascii: "["), let (members2, next) = characterClass(pattern, at: position) {
                members.formUnion(members2)
                position = next
                continue
            }
            if position + 2 < pattern.count, pattern[position + 1] == UInt8(ascii: "-"),
                pattern[position + 2] != UInt8(ascii: "]")
            {
                let last = pattern[position + 2]
                if byte <= last { members.formUnion(byte...last) }
                position += 3
                continue
            }
            members.insert(byte)
            position += 1
        }
        return nil
    }

    private static func characterClass(_ pattern: [UInt8], at index: Int) -> (Set<UInt8>, Int)? {
        let classes: [(name: String, test: (UInt8) -> Bool)] = [
            ("digit", { (0x30...0x39).contains($0) }),
            ("lower", { (0x61...0x7A).contains($0) }),
            ("upper", { (0x41...0x5A).contains($0) }),
            ("alpha", { (0x41...0x5A).contains($0 & 0xDF) }),
            ("alnum", { (0x41...0x5A).contains($0 & 0xDF) || (0x30...0x39).contains($0) }),
            ("xdigit", { (0x41...0x46).contains($0 & 0xDF) || (0x30...0x39).contains($0) }),
        ]
        for (name, test) in classes where pattern[index...].starts(with: Array("[:\(name):]".utf8)) {
            return (Set((0...255).filter(test)), index + name.utf8.count + 4)
        }
        return nil
    }
}
