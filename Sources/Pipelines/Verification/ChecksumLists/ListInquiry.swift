import AssayBytes
import AssayChecksumList
import AssayFacts
import AssayFileSystem
import AssayOpenPGP

/// What the lists that may vouch for some files say about them.
struct ListInquiry {
    /// One list's word about one file.
    struct Answer {
        /// The list, an index of `documents`.
        let list: Int
        /// The list's file.
        let place: Place
        /// What it says.
        let statement: ListStatement
    }

    /// By file, an index of the question, in the order in which the lists were asked.
    private(set) var answers: [Int: [Answer]] = [:]
    /// By list.
    private(set) var documents: [SignedDocumentFacts?] = []
    /// By file: where was looked, when no list was found at all.
    private(set) var notes: [Int: String] = [:]

    /// The most lists of a folder that are read, those of single files apart.
    static let maximumLists = 64

    /// Asks the lists that lie beside the files.
    static func beside(_ files: [SubjectFile], _ context: VerificationContext) throws -> ListInquiry {
        var inquiry = ListInquiry()
        for (path, members) in Dictionary(grouping: files.indices, by: { files[$0].folder }).sorted(by: {
            $0.key < $1.key
        }) {
            do {
                let folder = try SubjectFolder(path: path)
                try inquiry.ask(folder, members.map { ($0, files[$0].baseName) }, context)
            } catch let error as FileSystemError {
                for index in members {
                    inquiry.answers[index] = [
                        Answer(
                            list: inquiry.documents.count, place: Place(EscapedText(path).description),
                            statement: ListStatement(
                                outcome: .unusable(.unreadable), detail: "no list could be looked for: \(error)"))
                    ]
                }
                inquiry.documents.append(nil)
            }
        }
        return inquiry
    }

    /// Asks the list that the user named.
    ///
    /// - Throws: `FileSystemError` when the list or the signature cannot be opened.
    static func given(
        _ checksums: String, signature: String?, _ files: [SubjectFile], _ context: VerificationContext
    ) throws -> ListInquiry {
        let file = try SubjectFile(path: checksums)
        let signatureFile = try signature.map { try SubjectFile(path: $0) }
        let list: ExaminedList
        do {
            let bytes = try file.source.readToEnd(limit: ChecksumList.maximumBytes)
            list = ExaminedList(
                bytes, name: file.baseName, at: Place(file.name), isSignatureGiven: signature != nil,
                signatures: {
                    guard let signatureFile else { return Self.signaturesBeside(file) }
                    let content = Result<[UInt8]?, any Error> {
                        try signatureFile.source.readToEnd(limit: SignatureExamination.maximumSize)
                    }
                    return [(Place(signatureFile.name), content)]
                }, context)
        } catch let error as FileSystemError {
            list = ExaminedList(unreadable: Place(file.name), error)
        }
        var inquiry = ListInquiry()
        inquiry.add(list, files.indices.map { ($0, files[$0].baseName) })
        return inquiry
    }

    private static func signaturesBeside(_ file: SubjectFile) -> [(Place, Result<[UInt8]?, any Error>)] {
        do {
            return try SubjectFolder(path: file.folder).signatures(of: file.baseName)
        } catch {
            return [(Place(EscapedText(file.folder).description), .failure(error))]
        }
    }

    private mutating func add(_ list: ExaminedList, _ files: [(index: Int, name: [UInt8])]) {
        for file in files {
            answers[file.index, default: []].append(
                Answer(
                    list: documents.count, place: list.place,
                    statement: list.statement(about: file.name)))
        }
        documents.append(list.document)
    }

    /// A name of a folder that may be a list for some of the files.
    private struct Candidate {
        let name: [UInt8]
        /// Whether it is called as a signature: then it is a list only when it is signed in itself.
        let mustBeCleartext: Bool
        let files: [(index: Int, name: [UInt8], rank: ListNames.Rank)]
        var rank: ListNames.Rank { files.map(\.rank).min() ?? .weak }
    }

    private mutating func ask(
        _ folder: SubjectFolder, _ files: [(index: Int, name: [UInt8])], _ context: VerificationContext
    ) throws {
        let candidates = Self.candidates(folder, files)
        let present = Set(folder.names)
        var budget = Self.maximumLists
        var orphans: [[UInt8]] = []
        for candidate in candidates {
            // Broken digests are asked for only where nothing better names the file.
            let asked = candidate.files.filter { file in
                file.rank != .weak || !(answers[file.index] ?? []).contains { $0.statement.namesFile }
            }
            guard !asked.isEmpty else { continue }
            let stem = candidate.mustBeCleartext ? ListNames.withoutSignatureSuffix(candidate.name) : nil
            if candidate.rank != .ofTheFile {
                guard budget > 0 else {
                    refuseMore(folder, asked.map(\.index))
                    return
                }
                budget -= 1
            }
            let place = folder.place(candidate.name)
            let list: ExaminedList
            do {
                let bytes = try folder.read(candidate.name, limit: ChecksumList.maximumBytes)
                if let stem, !CleartextMessage.isPresent(in: bytes) {
                    if !present.contains(stem) { orphans.append(candidate.name) }
                    continue
                }
                list = ExaminedList(
                    bytes, name: candidate.name, at: place, isSignatureGiven: false,
                    signatures: { folder.signatures(of: candidate.name) }, context)
            } catch let error as FileSystemError {
                // The list that it is the signature of says so.
                if let stem, present.contains(stem) { continue }
                list = ExaminedList(unreadable: place, error)
            }
            add(list, asked.map { ($0.index, $0.name) })
        }
        for file in files { notes[file.index] = Self.note(folder, file.name, present, orphans) }
    }

    private mutating func refuseMore(_ folder: SubjectFolder, _ files: [Int]) {
        for index in files {
            answers[index, default: []].append(
                Answer(
                    list: documents.count, place: Place(EscapedText(folder.path).description),
                    statement: ListStatement(
                        outcome: .unusable(.unreadable),
                        detail: "more than \(Self.maximumLists) lists of checksums; the others were not read")))
        }
        documents.append(nil)
    }

    private static func candidates(
        _ folder: SubjectFolder, _ files: [(index: Int, name: [UInt8])]
    ) -> [Candidate] {
        var result: [Candidate] = []
        for name in folder.names where ListNames.mayBeList(name) {
            func ranked(_ name: [UInt8]) -> [(index: Int, name: [UInt8], rank: ListNames.Rank)] {
                files.compactMap { file in
                    ListNames.rank(name, for: file.name).map { (file.index, file.name, $0) }
                }
            }
            let direct = ranked(name)
            if !direct.isEmpty {
                result.append(Candidate(name: name, mustBeCleartext: false, files: direct))
            } else if let stem = ListNames.withoutSignatureSuffix(name) {
                let files = ranked(stem)
                if !files.isEmpty { result.append(Candidate(name: name, mustBeCleartext: true, files: files)) }
            }
        }
        // The names are in order already, and stay so within a rank.
        return result.sorted { $0.rank < $1.rank }
    }

    private static func note(
        _ folder: SubjectFolder, _ file: [UInt8], _ present: Set<[UInt8]>, _ orphans: [[UInt8]]
    ) -> String {
        let name = EscapedText(file).description
        var text =
            "no list of checksums in \(SubjectFolder.display(folder.path)): neither SHA256SUMS, SHA512SUMS, CHECKSUM or "
            + "*-CHECKSUM, *-checksum, nor '\(name).sha256', '\(name).sha512' or '\(name)-checksum'"
        let direct = ListNames.directSignatures(of: file).filter(present.contains)
        if let first = direct.first {
            text += "; '\(EscapedText(first))' may be a signature of the file itself, which is not read"
        }
        if let first = orphans.first { text += "; '\(EscapedText(first))' is a signature without its list" }
        return text
    }
}
