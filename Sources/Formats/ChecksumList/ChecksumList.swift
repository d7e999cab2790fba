/// A list of files with their digests, as `sha256sum`, BSD's `sha256` and OpenSSL write it.
///
/// <https://www.gnu.org/software/coreutils/manual/html_node/cksum-output-modes.html>. The text is what was signed: of a
/// cleartext-signed file only what stands inside, unwrapped; the armor's own lines count as malformed here.
public struct ChecksumList: Hashable, Sendable {
    /// The entries in their order.
    public let entries: [ChecksumEntry]
    /// Lines that could not be read, the first `maximumMalformedLines` of them.
    public let malformedLines: [MalformedChecksumLine]
    /// How many lines could not be read.
    public let malformedLineCount: Int
    /// How many lines are comments.
    public let commentCount: Int

    /// The most bytes of a list.
    public static let maximumBytes = 16 << 20
    /// The most malformed lines that are kept with their reasons.
    public static let maximumMalformedLines = 100

    /// Reads a list.
    ///
    /// - Parameters:
    ///   - bytes: the text; lines end in LF or CRLF, the last one may have no end.
    ///   - listName: the list's file name, which may tell the algorithm of untagged lines. Without it their digests'
    ///     length decides.
    /// - Throws: `ChecksumListError` when the list is larger than `maximumBytes`.
    public init(_ bytes: [UInt8], listName: String? = nil) throws {
        guard bytes.count <= Self.maximumBytes else {
            throw ChecksumListError(
                code: .tooLarge, lines: [],
                description: "the checksum list has \(bytes.count) bytes; \(Self.maximumBytes) are allowed")
        }
        var parser = ChecksumLineParser(hint: listName.flatMap { ChecksumAlgorithm(listName: $0) })
        var entries: [ChecksumEntry] = []
        var malformed: [MalformedChecksumLine] = []
        var malformedCount = 0
        var comments = 0
        var number = 0
        var rest = bytes[...]
        while !rest.isEmpty {
            number += 1
            var line = rest.prefix { $0 != 0x0A }
            rest = rest[line.endIndex...].dropFirst()
            guard line.first != 0x23 else {
                comments += 1
                continue
            }
            if line.last == 0x0D { line = line.dropLast() }
            guard !line.isEmpty else { continue }
            do {
                entries.append(try parser.entry(line, line: number))
            } catch {
                malformedCount += 1
                if malformed.count < Self.maximumMalformedLines {
                    malformed.append(MalformedChecksumLine(line: number, reason: error.reason))
                }
            }
        }
        self.entries = entries
        malformedLines = malformed
        malformedLineCount = malformedCount
        commentCount = comments
    }

    /// What a list says about one file.
    public struct Match: Hashable, Sendable {
        /// The first entry of each algorithm, in the list's order.
        public let entries: [ChecksumEntry]
        /// Further entries with the same algorithm and digest.
        public let duplicates: [ChecksumEntry]

        /// The entry of this algorithm, or nil when the list has none.
        public func entry(_ algorithm: ChecksumAlgorithm) -> ChecksumEntry? {
            entries.first { $0.algorithm == algorithm }
        }
    }

    /// Finds what the list says about the file called `name`.
    ///
    /// Base names are compared byte by byte; directories before them, `./` included, count for nothing.
    ///
    /// - Parameter name: the file's base name.
    /// - Returns: nil when no entry names it.
    /// - Throws: `ChecksumListError` of code `ambiguous` when two entries of one algorithm have different digests.
    public func match(_ name: [UInt8]) throws -> Match? {
        var first: [ChecksumEntry] = []
        var duplicates: [ChecksumEntry] = []
        var byAlgorithm: [ChecksumAlgorithm: ChecksumEntry] = [:]
        for entry in entries where entry.baseName.elementsEqual(name) {
            guard let known = byAlgorithm[entry.algorithm] else {
                byAlgorithm[entry.algorithm] = entry
                first.append(entry)
                continue
            }
            guard known.digest == entry.digest else {
                throw ChecksumListError(
                    code: .ambiguous, lines: [known.line, entry.line],
                    description:
                        "lines \(known.line) and \(entry.line) give the file different \(entry.algorithm) digests")
            }
            duplicates.append(entry)
        }
        return first.isEmpty ? nil : Match(entries: first, duplicates: duplicates)
    }

    /// The entries whose names are `name` but for case or surrounding blanks: what to show when nothing matches.
    public func similar(to name: [UInt8]) -> [ChecksumEntry] {
        let wanted = Self.folded(name[...])
        return entries.filter { !$0.baseName.elementsEqual(name) && Self.folded($0.baseName) == wanted }
    }

    private static func folded(_ name: ArraySlice<UInt8>) -> [UInt8] {
        let start = name.drop { $0 == 0x20 }
        return start.reversed().drop { $0 == 0x20 }.reversed().map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    }
}

/// Why a checksum list cannot answer.
public struct ChecksumListError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The list is larger than any honest one.
        public static let tooLarge = Code(name: "too large")
        /// Several entries contradict each other.
        public static let ambiguous = Code(name: "ambiguous")
    }

    /// What went wrong.
    public let code: Code
    /// The lines it is about.
    public let lines: [Int]
    /// The sentence for people.
    public let description: String
}
