import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayParallel

/// Files that lists of checksums vouch for: ISO images and any other.
public enum ChecksumExamination {
    /// Examines files with the lists that name them.
    ///
    /// Each file is read once, through its one descriptor, for all digests that the lists state; what an ISO image says
    /// about itself is read through the same descriptor.
    ///
    /// - Parameters:
    ///   - files: the files, several at a time in parallel.
    ///   - request: the list and its signature, where the user named them.
    ///   - context: keys, time, threads and progress.
    /// - Returns: the files in the order of the question, and the lists that say something about them.
    /// - Throws: `VerificationError` for a signature without its list, `FileSystemError` when the list or signature that
    ///   the user named cannot be opened, `CancellationError`.
    public static func examine(
        _ files: [SubjectFile], _ request: ChecksumRequest, _ context: VerificationContext
    ) async throws -> Examination {
        guard !files.isEmpty else { return Examination() }
        let inquiry: ListInquiry
        if let checksums = request.checksums {
            inquiry = try ListInquiry.given(checksums, signature: request.signature, files, context)
        } else {
            guard request.signature == nil else {
                throw VerificationError(
                    "--signature without --checksums: a signature is of one list, and the list is not named",
                    hint: "add --checksums FILE")
            }
            inquiry = try ListInquiry.beside(files, context)
        }
        for file in files { context.progress.expect(file.source.size.rawValue) }
        let examined = try await hashed(files, inquiry, context)
        var result = Examination()
        // Only lists that something is told of become documents, each once.
        var documents: [Int: Int] = [:]
        for (index, file) in examined.enumerated() {
            var facts = file
            for answer in shown(inquiry.answers[index] ?? []) {
                if documents[answer.list] == nil, let document = inquiry.documents[answer.list] {
                    documents[answer.list] = result.add(document)
                }
                facts.vouchers.append(
                    VoucherFacts(links: [link(answer, file)], document: documents[answer.list]))
            }
            if facts.vouchers.isEmpty {
                var link = LinkFacts(file: file.name, statedBy: Place(EscapedText(files[index].folder).description))
                link.size = file.size
                link.fault = .notListed
                link.detail = inquiry.notes[index]
                facts.vouchers = [VoucherFacts(links: [link], document: nil)]
            }
            note(inquiry.answers[index] ?? [], in: &facts)
            result.add(facts)
        }
        return result
    }

    /// The answers that become vouchers: of the lists that name the file; of all when none names it.
    private static func shown(_ answers: [ListInquiry.Answer]) -> [ListInquiry.Answer] {
        let naming = answers.filter(\.statement.namesFile)
        return naming.isEmpty ? answers : naming
    }

    /// Says which lists could not be asked, where others name the file.
    private static func note(_ answers: [ListInquiry.Answer], in file: inout VouchedFileFacts) {
        guard answers.contains(where: \.statement.namesFile), !file.vouchers.isEmpty else { return }
        let silenced = answers.filter { answer in
            if case .unusable = answer.statement.outcome { true } else { false }
        }
        guard let first = silenced.first else { return }
        let more = silenced.count > 1 ? " and \(silenced.count - 1) more" : ""
        let note = "'\(first.place.path)'\(more) could not be asked: \(first.statement.detail ?? "no reason")"
        file.vouchers[0].links[0].detail = [file.vouchers[0].links[0].detail, note].compactMap(\.self).joined(
            separator: "; ")
    }

    private static func link(_ answer: ListInquiry.Answer, _ file: VouchedFileFacts) -> LinkFacts {
        var link = LinkFacts(file: file.name, statedBy: answer.place)
        link.size = file.size
        link.detail = answer.statement.detail
        switch answer.statement.outcome {
        case .silent: link.fault = .notListed
        case .unusable(let fault): link.fault = fault
        case .namesUnusably(let fault, let line):
            link.fault = fault
            link.statedBy.line = line
        case .states(let claims): compare(claims, &link, file)
        }
        return link
    }

    /// Compares all digests that a list states; the strongest that differs is shown, and the strongest when none does.
    private static func compare(_ claims: [ListStatement.Claim], _ link: inout LinkFacts, _ file: VouchedFileFacts) {
        func computed(_ claim: ListStatement.Claim) -> String? { file.digests[claim.algorithm.rawValue] }
        guard let claim = claims.first(where: { computed($0) != $0.digest }) ?? claims.first else { return }
        link.statedBy.line = claim.line
        link.algorithm = claim.algorithm.rawValue
        link.expected = claim.digest
        link.computed = computed(claim)
        var notes = [link.detail].compactMap(\.self)
        if link.computed == nil {
            link.fault = .unreadable
            notes.insert(file.problem?.reason ?? "the file was not read", at: 0)
        }
        for other in claims where other.line != claim.line {
            guard let computed = computed(other) else { continue }
            let word = computed == other.digest ? "is that of the file" : "differs, too"
            notes.append("the \(other.algorithm.rawValue) digest in line \(other.line) \(word)")
        }
        link.detail = notes.isEmpty ? nil : notes.joined(separator: "; ")
    }
}

extension ChecksumExamination {
    /// Identifies and hashes the files, at most `context.threads` at a time; their order is kept.
    private static func hashed(
        _ files: [SubjectFile], _ inquiry: ListInquiry, _ context: VerificationContext
    ) async throws -> [VouchedFileFacts] {
        let needed = files.indices.map { index in
            (inquiry.answers[index] ?? []).reduce(into: Set<ListedDigest>()) { needed, answer in
                if case .states(let claims) = answer.statement.outcome { needed.formUnion(claims.map(\.algorithm)) }
            }
        }
        return try await files.indices.parallelMap(width: context.threads) { index in
            try await facts(of: files[index], needed[index], context)
        }
    }

    /// A file without its vouchers.
    private static func facts(
        of file: SubjectFile, _ needed: Set<ListedDigest>, _ context: VerificationContext
    ) async throws -> VouchedFileFacts {
        let identity = ISOExamination.identity(of: file)
        var facts = VouchedFileFacts(name: file.name, kind: identity.kind, size: file.source.size.rawValue)
        facts.image = identity.image
        facts.problem = identity.problem
        do {
            // The digest of a file that no list names is shown all the same: people compare it with what they know.
            let result = try await FileHashing.digests(
                of: file, needed.isEmpty ? [.sha256] : needed, mediaCheck: identity.mediaCheck, context)
            for (algorithm, digest) in result.digests { facts.digests[algorithm.rawValue] = digest }
            if let check = result.mediaCheck, case .found(var value, let place)? = facts.image?.mediaCheck {
                value.computed = check.hexadecimal
                value.firstWrongFragment = check.wrongFragment?.number
                value.wrongFragmentOffset = check.wrongFragment?.offset
                facts.image?.mediaCheck = .found(value, place)
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            facts.problem = FileProblem(isMalformed: false, reason: "\(error)", place: Place(file.name))
        }
        return facts
    }
}
