import AssayBytes
import AssayChecksumList
import AssayFacts

/// What one list says about one file.
struct ListStatement {
    /// A digest that the list states.
    struct Claim {
        let algorithm: ListedDigest
        /// Lower-case hexadecimal.
        let digest: String
        /// The line of the list's file, counted from 1.
        let line: Int
    }

    /// What the list says.
    enum Outcome {
        /// These digests, the strongest first.
        case states([Claim])
        /// It names the file, but not so that it can be compared.
        case namesUnusably(LinkFacts.Fault, line: Int)
        /// It does not name the file.
        case silent
        /// It cannot be asked.
        case unusable(LinkFacts.Fault)
    }

    /// What the list says.
    let outcome: Outcome
    /// The sentence for a fault, or what else is to be said.
    let detail: String?

    /// Whether the list names the file.
    var namesFile: Bool {
        switch outcome {
        case .states, .namesUnusably: true
        case .silent, .unusable: false
        }
    }
}

extension ExaminedList {
    /// What the list says about the file of this base name.
    func statement(about name: [UInt8]) -> ListStatement {
        switch content {
        case .failure(let reason): ListStatement(outcome: .unusable(reason.fault), detail: reason.detail)
        case .success(let content): statement(about: name, content)
        }
    }

    private func statement(about name: [UInt8], _ content: Content) -> ListStatement {
        let match: ChecksumList.Match?
        do {
            match = try content.list.match(name)
        } catch {
            let lines = (error as? ChecksumListError)?.lines.map { $0 + firstLine } ?? []
            return ambiguous(
                lines.first ?? 0, "lines \(Self.enumeration(lines.map(String.init))) state different digests of it")
        }
        guard let match else {
            return ListStatement(outcome: .silent, detail: whatElse(name, content))
        }
        if let fault = disagreement(match, name, content) { return fault }
        let claims = match.entries.compactMap { entry in
            ListedDigest(entry.algorithm).map {
                ListStatement.Claim(algorithm: $0, digest: Hex.encode(entry.digest), line: entry.line + firstLine)
            }
        }
        let others = match.entries.filter { ListedDigest($0.algorithm) == nil }
        let names = Self.enumeration(others.prefix(4).map { EscapedText("\($0.algorithm)").description })
        guard !claims.isEmpty else {
            return ListStatement(
                outcome: .namesUnusably(.noUsableDigest, line: match.entries[0].line + firstLine),
                detail: "the list states only \(names); SHA-256, SHA-384 or SHA-512 is needed")
        }
        var notes: [String] = []
        if !match.duplicates.isEmpty {
            let lines = match.duplicates.prefix(3).map { String($0.line + firstLine) }
            notes.append("named again with the same digest in line \(Self.enumeration(lines))")
        }
        if !others.isEmpty { notes.append("the stated \(names) was not compared") }
        if let entry = match.entries.first(where: { $0.path != name }) {
            notes.append("named as '\(EscapedText(entry.path))'")
        }
        return ListStatement(
            outcome: .states(claims.sorted { $0.algorithm > $1.algorithm }),
            detail: notes.isEmpty ? nil : notes.joined(separator: "; "))
    }

    /// Why two readers of the list would not understand the same about the file, if so.
    private func disagreement(_ match: ChecksumList.Match, _ name: [UInt8], _ content: Content) -> ListStatement? {
        let all = match.entries + match.duplicates
        if let entry = all.first(where: \.leavesDirectory) {
            return ambiguous(
                entry.line + firstLine, "it is named by a path that leaves the folder: '\(EscapedText(entry.path))'")
        }
        for other in content.list.similar(to: name) {
            guard let entry = match.entry(other.algorithm), entry.digest != other.digest else { continue }
            return ambiguous(
                other.line + firstLine,
                "line \(entry.line + firstLine) names it, and line \(other.line + firstLine) states another digest of "
                    + "'\(EscapedText(other.baseName))', which differs only in case or blanks")
        }
        for line in content.malformedLines where Self.holds(line.text, name) {
            return ambiguous(
                line.line, "line \(line.line) holds its name, too, and could not be read: \(line.reason)")
        }
        return nil
    }

    private func ambiguous(_ line: Int, _ detail: String) -> ListStatement {
        ListStatement(outcome: .namesUnusably(.ambiguous, line: line), detail: detail)
    }

    /// What a list that does not name the file has instead.
    private func whatElse(_ name: [UInt8], _ content: Content) -> String {
        var notes: [String] = []
        let similar = content.list.similar(to: name)
        if let first = similar.first {
            notes.append("the list names '\(EscapedText(first.baseName))', which differs in case or blanks")
        } else if content.list.entries.isEmpty {
            notes.append("the list is empty")
        } else {
            let shown = content.list.entries.prefix(3).map { "'\(EscapedText($0.path.prefix(300)))'" }
            let count = content.list.entries.count
            let more = count > shown.count ? " and \(count - shown.count) more" : ""
            notes.append("the list names \(shown.joined(separator: ", "))\(more)")
        }
        if content.list.malformedLineCount > 0 { notes.append(Self.sentence(content)) }
        return notes.joined(separator: "; ")
    }

    private static func holds(_ text: [UInt8], _ name: [UInt8]) -> Bool {
        guard !name.isEmpty, text.count >= name.count else { return false }
        return (0...(text.count - name.count)).contains { start in
            text[start] == name[0] && text[start..<(start + name.count)].elementsEqual(name)
        }
    }

    private static func enumeration(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }
}
