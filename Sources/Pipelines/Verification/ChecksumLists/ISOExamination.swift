import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayISO9660

/// What a file is, found before it is hashed.
struct SubjectIdentity: Sendable {
    /// What it is, by its content.
    var kind: VouchedFileFacts.Kind
    /// What the image says that it is, but for the outcome of its media check.
    var image: ISOImageFacts?
    /// The media check to compute.
    var mediaCheck: MediaCheck?
    /// Why the file could not be understood, if so.
    var problem: FileProblem?
}

/// What ISO images say about themselves.
///
/// Nothing of that is signed by the image itself.
enum ISOExamination {
    /// Looks at a file's content.
    ///
    /// - Parameter file: any file.
    /// - Returns: what it is; a file that neither claims to be an image nor is called one is `other`.
    static func identity(of file: SubjectFile) -> SubjectIdentity {
        do {
            let image = try ISO9660Image(file.source)
            return try identity(image, of: file)
        } catch let error as ISO9660Error {
            let isCalledImage = String(decoding: file.baseName.suffix(4), as: UTF8.self).lowercased() == ".iso"
            guard error.code != .notISO9660 || isCalledImage else { return SubjectIdentity(kind: .other) }
            return SubjectIdentity(kind: .isoImage, problem: problem(error, file))
        } catch {
            return SubjectIdentity(
                kind: .other, problem: FileProblem(isMalformed: false, reason: "\(error)", place: Place(file.name)))
        }
    }

    private static func identity(_ image: ISO9660Image, of file: SubjectFile) throws -> SubjectIdentity {
        var result = SubjectIdentity(kind: .isoImage, mediaCheck: image.mediaCheck.value)
        var tree: DirectoryTree?
        do {
            tree = try image.tree(in: file.source)
        } catch let error as ISO9660Error {
            result.problem = problem(error, file)
        }
        if let fault = image.bootCatalog.fault, result.problem == nil { result.problem = problem(fault, file) }
        // The descriptor's texts are escaped already.
        var facts = ISOImageFacts(volumeID: image.primary.volumeID, mediaCheck: mediaCheck(image, file))
        facts.created = image.primary.creation?.secondsSince1970
        facts.missingBytes = image.missingBytes.rawValue
        facts.trailingBytes = image.trailingBytes.rawValue
        let boot = try ISOBootMethods(image, tree: tree, in: file.source)
        facts.bootMethods = boot.methods
        facts.architectures = boot.architectures
        let identity = try ISOIdentity(volumeID: image.primary.volumeID, tree: tree, in: file.source)
        facts.versions = identity.versions
        facts.products = identity.products
        let claims = NameClaims(file.baseName)
        facts.nameArchitecture = claims.architecture
        facts.nameVersion = claims.version
        facts.remarks = image.descriptors.remarks.prefix(16) + boot.remarks.prefix(64) + identity.remarks
        if image.descriptors.hasUDF {
            facts.remarks.append("the image holds a UDF file system, too, which was not read")
        }
        if let tree, !tree.outside.isEmpty {
            facts.remarks.append("\(tree.outside.count) files of the image lie wholly or partly outside of it")
        }
        for said in identity.architectures where !facts.architectures.isEmpty {
            guard !facts.architectures.contains(said.value) else { continue }
            facts.remarks.append(
                "'\(said.place.path)' says \(said.value); it boots on \(facts.architectures.joined(separator: ", "))")
        }
        result.image = facts
        return result
    }

    private static func mediaCheck(
        _ image: ISO9660Image, _ file: SubjectFile
    ) -> Observation<ISOImageFacts.MediaCheckFacts> {
        let place = Place(file.name, offset: image.primary.offset.rawValue)
        switch image.mediaCheck {
        case .absent: return .absent(place)
        case .faulty(let error): return .unreadable(place, reason: "\(error)")
        case .present(let check):
            return .found(
                .init(length: check.length.rawValue, expected: check.md5, computed: nil), place)
        }
    }

    private static func problem(_ error: ISO9660Error, _ file: SubjectFile) -> FileProblem {
        FileProblem(
            isMalformed: ![.unsupported, .limit].contains(error.code), reason: "\(error)",
            place: Place(file.name, offset: error.offset.rawValue))
    }
}
