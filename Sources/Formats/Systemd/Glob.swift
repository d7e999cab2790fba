/// Shell patterns as fnmatch(3) reads them with FNM_NOESCAPE: `*`, `?` and `[…]`; a backslash is itself.
enum Glob {
    /// Whether `pattern` matches the whole of `text`, byte by byte.
    ///
    /// The work is bounded by the product of the lengths: only the last `*` is ever tried again.
    static func matches(_ pattern: String, _ text: String) -> Bool {
        let pattern = Array(pattern.utf8)
        let text = Array(text.utf8)
        var inPattern = 0
        var inText = 0
        var star: (pattern: Int, text: Int)?
        while inText < text.count {
            if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
                star = (inPattern + 1, inText)
                inPattern += 1
            } else if let next = step(pattern, inPattern, text[inText]) {
                inPattern = next
                inText += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                inPattern = last.pattern
                inText = last.text + 1
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// The position behind the pattern's element at `position` when that matches `byte`.
    private static func step(_ pattern: [UInt8], _ position: Int, _ byte: UInt8) -> Int? {
        guard position < pattern.count else { return nil }
        switch pattern[position] {
        case UInt8(ascii: "?"): return position + 1
        case UInt8(ascii: "["):
            guard let set = bracket(pattern, position) else {
                return byte == UInt8(ascii: "[") ? position + 1 : nil
            }
            return set.contains(byte) ? set.end : nil
        case byte: return position + 1
        default: return nil
        }
    }

    private struct Bracket {
        var isNegated = false
        var ranges: [ClosedRange<UInt8>] = []
        var end = 0

        func contains(_ byte: UInt8) -> Bool { ranges.contains { $0.contains(byte) } != isNegated }
    }

    /// The bracket expression at `position`, or nil when it never closes.
    private static func bracket(_ pattern: [UInt8], _ position: Int) -> Bracket? {
        var result = Bracket()
        var index = position + 1
        if index < pattern.count, pattern[index] == UInt8(ascii: "!") || pattern[index] == UInt8(ascii: "^") {
            result.isNegated = true
            index += 1
        }
        var isFirst = true
        while index < pattern.count {
            let low = pattern[index]
            if low == UInt8(ascii: "]"), !isFirst {
                result.end = index + 1
                return result
            }
            isFirst = false
            if index + 2 < pattern.count, pattern[index + 1] == UInt8(ascii: "-"),
                pattern[index + 2] != UInt8(ascii: "]")
            {
                let high = pattern[index + 2]
                if low <= high { result.ranges.append(low...high) }
                index += 3
            } else {
                result.ranges.append(low...low)
                index += 1
            }
        }
        return nil
    }
}
