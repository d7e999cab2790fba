/// Where in a trust path a source file lies; the folder decides what a plain certificate means.
public enum SourceRole: String, Hashable, Sendable {
    /// The main folder: the file's own words count; a plain certificate is neutral.
    case main
    /// `anchors`: certificates are trust anchors.
    case anchors
    /// `blocklist` (or `blacklist`): certificates are distrusted.
    case blocklist
}

/// A source file's formats, recognised by content.
public enum SourceFormat: String, Hashable, Sendable {
    /// One DER certificate.
    case der
    /// PEM blocks: `CERTIFICATE`, `TRUSTED CERTIFICATE`.
    case pem
    /// p11-kit's `[p11-kit-object-v1]`.
    case p11Kit = "p11-kit"
    /// NSS's certdata.txt.
    case certdata
}

/// A source file after it was read.
public struct TrustSource: Hashable, Sendable {
    /// The path in the subject, escaped.
    public var path: String
    /// Which trust path it belongs to: 0 is the first (`/etc`), whose words come before those of 1 (`/usr`).
    public var token: Int
    /// The folder's role.
    public var role: SourceRole
    /// The format.
    public var format: SourceFormat
    /// What it says, in its order.
    public var objects: [TrustObject]
    /// What is odd but changes nothing: a block of another type, text before the first block.
    public var warnings: [SourceFault]

    /// Makes one.
    public init(
        path: String, token: Int, role: SourceRole, format: SourceFormat, objects: [TrustObject],
        warnings: [SourceFault] = []
    ) {
        self.path = path
        self.token = token
        self.role = role
        self.format = format
        self.objects = objects
        self.warnings = warnings
    }
}

/// Why a source cannot be used, or what is odd in it.
public struct SourceFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path in the subject, escaped.
    public var path: String
    /// The line, counted from 1; nil when the whole file is meant.
    public var line: Int?
    /// What is wrong, without the place.
    public var reason: String

    /// Makes one.
    public init(path: String, line: Int?, reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }

    /// `path:line: reason`.
    public var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)" }
}
