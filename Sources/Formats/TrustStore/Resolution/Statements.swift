import AssayBytes

extension SourceRole {
    /// The place in the load order of a trust path.
    var loadOrder: Int {
        switch self {
        case .main: 0
        case .anchors: 1
        case .blocklist: 2
        }
    }

    /// What a certificate object means in this folder: the folder has the last word, but no folder takes a distrust back.
    func standing(of standing: Standing) -> Standing {
        switch self {
        case .main: standing
        case .anchors: standing == .distrusted ? .distrusted : .anchor
        case .blocklist: .distrusted
        }
    }
}

/// Everything that the sources say, by kind, in load order.
struct Statements {
    /// Something that is said, and where.
    struct Placed<Object> {
        let object: Object
        let origin: Origin
    }

    private(set) var certificates: [Placed<CertificateObject>] = []
    private(set) var distrusts: [Placed<DistrustObject>] = []
    private(set) var extensions: [Placed<AttachedExtension>] = []

    /// Sorts the sources by trust path, folder and the bytes of their paths; a folder's meaning is in the standings then.
    init(_ sources: [TrustSource]) {
        let ordered = sources.map { (source: $0, path: EscapedText.unescape($0.path) ?? Array($0.path.utf8)) }
            .sorted { left, right in
                guard left.source.token == right.source.token else { return left.source.token < right.source.token }
                guard left.source.role == right.source.role else {
                    return left.source.role.loadOrder < right.source.role.loadOrder
                }
                return left.path.lexicographicallyPrecedes(right.path)
            }
        for (source, _) in ordered {
            for object in source.objects { add(object, of: source) }
        }
    }

    private mutating func add(_ object: TrustObject, of source: TrustSource) {
        func origin(_ line: Int) -> Origin {
            Origin(path: source.path, line: line, role: source.role, token: source.token)
        }
        switch object {
        case .certificate(var certificate):
            certificate.standing = source.role.standing(of: certificate.standing)
            certificates.append(Placed(object: certificate, origin: origin(certificate.line)))
        case .distrust(let distrust):
            distrusts.append(Placed(object: distrust, origin: origin(distrust.line)))
        case .attachedExtension(let attached):
            extensions.append(Placed(object: attached, origin: origin(attached.line)))
        }
    }
}
