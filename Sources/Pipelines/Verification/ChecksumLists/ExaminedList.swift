import AssayBytes
import AssayChecksumList
import AssayFacts
import AssayOpenPGP

/// A checksum list whose bytes were read once: the same bytes are compared with the signatures and parsed.
struct ExaminedList {
    /// Where it is.
    let place: Place
    /// The list with its signatures; nil when it could not be read.
    let document: SignedDocumentFacts?
    /// The entries of exactly the bytes that are signed, or why there are none.
    let content: Result<Content, Unusable>
    /// Lines of the file before the first one of the list: those that begin a cleartext signature.
    let firstLine: Int

    /// What the list says.
    struct Content {
        /// The entries.
        let list: ChecksumList
        /// The lines that could not be read, as they stand.
        let malformedLines: [(line: Int, reason: String, text: [UInt8])]
    }

    /// Why a list cannot be asked.
    struct Unusable: Error {
        let fault: LinkFacts.Fault
        let detail: String
    }

    /// A list that could not be read.
    init(unreadable place: Place, _ error: any Error) {
        self.place = place
        document = nil
        firstLine = 0
        content = .failure(Unusable(fault: .unreadable, detail: "the list could not be read: \(error)"))
    }

    /// Examines the bytes of a list.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - name: its base name, which may tell the algorithm.
    ///   - place: where it is.
    ///   - isSignatureGiven: whether the user named the detached signature.
    ///   - signatures: its detached signatures; not asked for when the list is signed in itself.
    ///   - context: keys and time.
    init(
        _ bytes: [UInt8], name: [UInt8], at place: Place, isSignatureGiven: Bool,
        signatures: () throws -> [(Place, Result<[UInt8]?, any Error>)], _ context: VerificationContext
    ) rethrows {
        self.place = place
        var document: SignedDocumentFacts
        let signedText: [UInt8]
        if CleartextMessage.isPresent(in: bytes) {
            firstLine = Self.linesBeforeText(bytes)
            let text: [UInt8]?
            (document, text) = SignatureExamination.cleartext(.checksumList, place, bytes, context)
            if isSignatureGiven {
                document.searched += try signatures().map { place, _ in
                    SignatureSearch(
                        place, .malformed, reason: "not used: the list is signed in its own file and needs no other")
                }
            }
            guard let text else {
                let reason = document.searched.first?.reason ?? "no reason"
                self.document = document
                content = .failure(
                    Unusable(fault: .malformedList, detail: "the list is not signed as it pretends to be: \(reason)"))
                return
            }
            signedText = text
        } else {
            firstLine = 0
            document = SignatureExamination.document(
                .checksumList, place.path, bytes, detached: try signatures(), context)
            signedText = bytes
        }
        content = Self.parse(signedText, name, firstLine)
        if case .success(let content) = content, content.list.malformedLineCount > 0 {
            document.remarks.append(Self.sentence(content))
        }
        self.document = document
    }

    private static func parse(_ text: [UInt8], _ name: [UInt8], _ firstLine: Int) -> Result<Content, Unusable> {
        let list: ChecksumList
        do {
            list = try ChecksumList(text, listName: String(decoding: name, as: UTF8.self))
        } catch {
            return .failure(Unusable(fault: .malformedList, detail: "\(error)"))
        }
        guard list.malformedLineCount <= ChecksumList.maximumMalformedLines else {
            return .failure(
                Unusable(
                    fault: .malformedList,
                    detail: "\(list.malformedLineCount) lines of the list are neither entries nor comments"))
        }
        let content = Content(list: list, malformedLines: malformedLines(list, text, firstLine))
        guard !list.entries.isEmpty || list.malformedLineCount == 0 else {
            return .failure(
                Unusable(fault: .malformedList, detail: "the list has no entry: \(sentence(content))"))
        }
        return .success(content)
    }

    private static func malformedLines(
        _ list: ChecksumList, _ text: [UInt8], _ firstLine: Int
    ) -> [(line: Int, reason: String, text: [UInt8])] {
        guard let last = list.malformedLines.last else { return [] }
        let reasons = Dictionary(list.malformedLines.map { ($0.line, $0.reason) }) { first, _ in first }
        let lines = text.split(separator: 0x0A, maxSplits: last.line, omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { index, line in
            reasons[index + 1].map { (firstLine + index + 1, $0, Array(line)) }
        }
    }

    /// The lines of a cleartext-signed file up to the empty one before the text, which is what the text's line 1 follows.
    private static func linesBeforeText(_ bytes: [UInt8]) -> Int {
        let begin = Array("-----BEGIN PGP SIGNED MESSAGE-----".utf8)
        var number = 0
        var isInside = false
        var rest = bytes[...]
        while !rest.isEmpty {
            number += 1
            let line = rest.prefix { $0 != 0x0A }
            rest = rest[line.endIndex...].dropFirst()
            let text = line.reversed().drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.reversed()
            if isInside, text.isEmpty { return number }
            if text.elementsEqual(begin) { isInside = true }
        }
        return 0
    }

    /// What could not be read of the list, the first three lines with their reasons.
    static func sentence(_ content: Content) -> String {
        let count = content.list.malformedLineCount
        let shown = content.malformedLines.prefix(3).map { "line \($0.line): \($0.reason)" }.joined(separator: "; ")
        return "\(count) line\(count == 1 ? "" : "s") could not be read (\(shown)\(count > 3 ? "; and more" : ""))"
    }
}
