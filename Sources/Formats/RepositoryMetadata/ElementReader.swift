/// Follows a document's elements and collects the text of those that are asked for.
///
/// Elements are named by their path from the root, as `repomd/data/location`.
struct ElementReader {
    /// One element that has ended.
    struct Element {
        let path: String
        let attributes: [String: String]
        /// The character data directly inside it, without blanks around it.
        let text: String
        /// Where it ended.
        let line: Int

        func error(_ code: MetadataError.Code, _ detail: String) -> MetadataError {
            MetadataError(code: code, line: line, detail: detail)
        }
    }

    /// Bytes of text of one element that is read.
    static let maximumText = 64 * 1024

    private var tokenizer: XMLTokenizer
    private let root: String
    private let wanted: Set<String>
    /// The last components of the wanted paths.
    private let names: Set<String>
    private let maximumBytes: Int
    private var bytes = 0
    private var path: [String] = []
    /// Depth, attributes and text of the wanted elements that are open.
    private var open: [(depth: Int, attributes: [String: String], text: String)] = []
    /// The attributes of the root element, once it has begun.
    private(set) var rootAttributes: [String: String]?

    init(root: String, wanted: Set<String>, maximumBytes: Int) {
        self.root = root
        self.wanted = wanted
        names = Set(wanted.flatMap { $0.split(separator: "/").suffix(1).map(String.init) } + [root])
        tokenizer = XMLTokenizer(wanted: names)
        self.maximumBytes = maximumBytes
    }

    /// Takes the next bytes and gives the wanted elements that end in them.
    mutating func append(_ chunk: [UInt8]) throws(MetadataError) -> [Element] {
        let (total, overflow) = bytes.addingReportingOverflow(chunk.count)
        guard !overflow, total <= maximumBytes else {
            throw tokenizer.error(.tooLarge, "more than \(maximumBytes) bytes")
        }
        bytes = total
        var ended: [Element] = []
        for located in try tokenizer.append(chunk) {
            switch located.event {
            case .start(let name, let attributes):
                if path.isEmpty {
                    guard name == root else {
                        throw MetadataError(
                            code: .unexpectedDocument, line: located.line,
                            detail: "the root element is '\(name)', not '\(root)'")
                    }
                    rootAttributes = attributes
                }
                path.append(name)
                if names.contains(name), wanted.contains(path.joined(separator: "/")) {
                    open.append((path.count, attributes, ""))
                }
            case .text(let text):
                guard let last = open.indices.last, open[last].depth == path.count else { continue }
                open[last].text += text
                guard open[last].text.utf8.count <= ElementReader.maximumText else {
                    throw MetadataError(
                        code: .tooLarge, line: located.line,
                        detail: "a text of more than \(ElementReader.maximumText) bytes")
                }
            case .end:
                if let last = open.last, last.depth == path.count {
                    open.removeLast()
                    ended.append(
                        Element(
                            path: path.joined(separator: "/"), attributes: last.attributes, text: last.text.trimmed,
                            line: located.line))
                }
                path.removeLast()
            }
        }
        return ended
    }

    /// Says that no more bytes come.
    mutating func finish() throws(MetadataError) { try tokenizer.finish() }
}

extension String {
    /// Without spaces and line ends around it.
    fileprivate var trimmed: String {
        let blanks: Set<Character> = [" ", "\n", "\t", "\r", "\r\n"]
        guard let first = firstIndex(where: { !blanks.contains($0) }),
            let last = lastIndex(where: { !blanks.contains($0) })
        else { return "" }
        return String(self[first...last])
    }
}
