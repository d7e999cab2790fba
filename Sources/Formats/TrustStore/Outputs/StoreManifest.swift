import Crypto

/// What a store was made from and what it consists of: the text of `.assay-manifest`, by which it is verified later.
///
/// UTF-8 in lines; fields are separated by one tab and escaped as `EscapedText` does, so that no name holds a tab or a line
/// feed. The first line is `assay-trust-manifest` and the version, the last is `end`; between them, in this order:
///
///     tool     VERSION
///     rules    assay or p11-kit
///     time     seconds since 1970, or -
///     source   SHA-256  TOKEN  ROLE  PATH     each source that was read, in load order
///     skipped  LINE or -  PATH  REASON        each fault that --keep-going passed over
///     ignored  PATH  REASON                   each file that is no source
///     file     SHA-256  PATH                  each file of the store, by path
///     link     TARGET  PATH                   each link, among the files
///     count    NUMBER  OUTPUT                 certificates of each output
///     end
///
/// The same manifest gives the same bytes, and only those bytes are read as it.
public struct StoreManifest: Hashable, Sendable {
    /// A source that was read.
    public struct Source: Hashable, Sendable {
        /// The path in the subject, escaped.
        public var path: String
        /// The folder's role.
        public var role: SourceRole
        /// The trust path's number, from 0.
        public var token: Int
        /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
        public var digest: String

        /// Makes one.
        public init(path: String, role: SourceRole, token: Int, digest: String) {
            self.path = path
            self.role = role
            self.token = token
            self.digest = digest
        }
    }

    /// A file beside the sources that is none.
    public struct Ignored: Hashable, Sendable {
        /// The path in the subject, escaped.
        public var path: String
        /// Why it is none.
        public var reason: String

        /// Makes one.
        public init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    /// A file or link of the store.
    public struct Output: Hashable, Sendable {
        /// What it is.
        public enum Content: Hashable, Sendable {
            /// A file, with SHA-256 of its bytes, 64 lower-case hexadecimal digits.
            case digest(String)
            /// A link, with its target.
            case link(String)
        }

        /// The path below the store's folder.
        public var path: String
        /// What it is.
        public var content: Content

        /// Makes one.
        public init(path: String, content: Content) {
            self.path = path
            self.content = content
        }

        /// What `file` becomes.
        public init(_ file: StoreFile) {
            path = file.path
            switch file.content {
            case .bytes(let bytes): content = .digest(StoreManifest.digest(bytes))
            case .link(let target): content = .link(target)
            }
        }
    }

    /// The number of certificates of an output.
    public struct Count: Hashable, Sendable {
        /// The output.
        public var output: StoreOutput
        /// Its certificates.
        public var certificates: Int

        /// Makes one.
        public init(output: StoreOutput, certificates: Int) {
            self.output = output
            self.certificates = certificates
        }
    }

    /// The version of the text.
    public static let formatVersion = 1
    /// The file's name in the store's folder.
    public static let fileName = ".assay-manifest"

    /// The version of the program that made the store.
    public let toolVersion: String
    /// The rules that the sources were read by.
    public let rules: TrustRules
    /// SOURCE_DATE_EPOCH, when it was set.
    public let time: Int64?
    /// The sources, in load order.
    public let sources: [Source]
    /// The faults that were passed over, in load order.
    public let skipped: [SourceFault]
    /// The files that are no sources.
    public let ignored: [Ignored]
    /// The files and links, by the bytes of their paths.
    public let outputs: [Output]
    /// The certificates of each output, in the order of `StoreOutput`.
    public let counts: [Count]

    /// Makes one; the outputs and counts are put in order.
    public init(
        toolVersion: String, rules: TrustRules, time: Int64?, sources: [Source], skipped: [SourceFault] = [],
        ignored: [Ignored] = [], outputs: [Output], counts: [Count]
    ) {
        self.toolVersion = toolVersion
        self.rules = rules
        self.time = time
        self.sources = sources
        self.skipped = skipped
        self.ignored = ignored
        self.outputs = outputs.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        var places: [StoreOutput: Int] = [:]
        for (place, output) in StoreOutput.allCases.enumerated() { places[output] = place }
        self.counts = counts.sorted { places[$0.output, default: 0] < places[$1.output, default: 0] }
    }

    /// The number of certificates of each of a store's outputs.
    public static func counts(of store: TrustStore) -> [Count] {
        StoreOutput.allCases.map { Count(output: $0, certificates: store.entries(in: $0).count) }
    }

    /// SHA-256 of `bytes`, as the manifest writes it.
    public static func digest(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in SHA256.hash(data: bytes) { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
