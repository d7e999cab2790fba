/// A folder of one PEM file for each certificate, with links by subject hash.
struct HashedFolder {
    /// A certificate in it.
    struct Member {
        let label: OutputLabel
        let certificate: TrustCertificate
        /// The content of its file, with the label above it when there is a comment.
        let text: [UInt8]

        init(label: OutputLabel, certificate: TrustCertificate, comment: Bool) {
            self.label = label
            self.certificate = certificate
            text =
                comment
                ? PEMBundle.write([(label, certificate.der)], .certificate)
                : PEMText.block(certificate.der, .certificate)
        }
    }

    /// The folder below the store's.
    private let folder: String
    private var names = UniqueNames()
    private var files: [StoreFile] = []

    /// The longest name of a file (`NAME_MAX`).
    static let nameLimit = 255

    private init(_ folder: String) { self.folder = folder }

    /// p11-kit's `pem-directory-hash`: `LABEL.pem` and links `HASH.N` by both hashes.
    static func directoryHash(_ members: [Member], in folder: String) -> [StoreFile] {
        var result = HashedFolder(folder)
        for member in members {
            let name = result.file(named: member.label.comment.map(allowed), member.text)
            if let hash = SubjectHash.current(member.certificate.subject) {
                result.link(SubjectHash.text(hash), to: name)
            }
            result.link(SubjectHash.text(SubjectHash.old(member.certificate.subject)), to: name)
        }
        return result.files
    }

    /// bundle2pem.sh's layout: `HASH.pem` and a link `HASH.0`; the next certificate of the same subject is `HASH.1.pem`
    /// with a link `HASH.1`, so that each is found.
    ///
    /// A subject that OpenSSL cannot read goes by its old hash: nothing looks it up, but no certificate is lost.
    static func legacy(_ members: [Member], in folder: String) -> [StoreFile] {
        var result = HashedFolder(folder)
        for member in members {
            let subject = member.certificate.subject
            let hash = SubjectHash.text(SubjectHash.current(subject) ?? SubjectHash.old(subject))
            let name = result.file(named: Array(hash.utf8), member.text)
            result.link(hash, to: name)
        }
        return result.files
    }

    /// Letters, digits, `.`, `-` and `_`; every other byte becomes `_`, so that a label is never a path.
    private static func allowed(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: byte
        default: 0x5F
        }
    }

    private mutating func file(named base: [UInt8], _ bytes: [UInt8]) -> String {
        let name = names.take(HashedFolder.name(base, ".pem")) { HashedFolder.name(base, ".\($0).pem") }
        let text = String(decoding: name, as: UTF8.self)
        files.append(StoreFile(path: folder + "/" + text, content: .bytes(bytes)))
        return text
    }

    private mutating func link(_ hash: String, to target: String) {
        let name = names.take(Array("\(hash).0".utf8)) { Array("\(hash).\($0)".utf8) }
        files.append(StoreFile(path: folder + "/" + String(decoding: name, as: UTF8.self), content: .link(target)))
    }

    private static func name(_ base: [UInt8], _ ending: String) -> [UInt8] {
        Array(base.prefix(nameLimit - ending.utf8.count)) + ending.utf8
    }
}
