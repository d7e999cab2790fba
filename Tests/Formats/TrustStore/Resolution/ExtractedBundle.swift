import AssayBytes
import Foundation

@testable import AssayTrustStore

/// A certificate of a bundle that p11-kit wrote.
struct ExtractedCertificate: Hashable, CustomStringConvertible {
    /// What OpenSSL's auxiliary data say; order has no meaning there.
    struct Auxiliary: Hashable {
        var trusted: Set<[UInt8]>?
        var rejected: Set<[UInt8]>
        var alias: [UInt8]?
    }

    var label: [UInt8]
    var der: [UInt8]
    var auxiliary: Auxiliary?

    var description: String {
        func text(_ purposes: Set<[UInt8]>) -> String { purposes.map { Hex.encode($0.suffix(3)) }.sorted().description }
        let words = auxiliary.map { " trusted \($0.trusted.map(text) ?? "nil") rejected \(text($0.rejected))" } ?? ""
        // The serial number tells the certificates apart.
        let serial = der.firstRange(of: [2, 1]).map { der[$0.upperBound...].prefix(6) } ?? []
        return "\(EscapedText(label)) \(Hex.encode(serial))\(words)"
    }

    /// The certificates of a bundle with comments, in which a label may hold anything, also what looks like a block.
    static func bundle(_ bytes: [UInt8], type: String) -> [ExtractedCertificate] {
        var rest = bytes[...]
        var result: [ExtractedCertificate] = []
        let begin = Array("\n-----BEGIN \(type)-----\nMI".utf8)
        let end = Array("\n-----END \(type)-----\n".utf8)
        while let start = rest.firstRange(of: begin), let stop = rest[start.upperBound...].firstRange(of: end) {
            var comment = rest[..<start.lowerBound]
            if comment.first == 0x0A { comment = comment.dropFirst() }
            let text = Data(rest[(start.upperBound - 2)..<stop.lowerBound])
            let content = Data(base64Encoded: text, options: .ignoreUnknownCharacters).map { Array($0) } ?? []
            let nodes = nodes(content[...])
            result.append(
                ExtractedCertificate(
                    label: Array(comment.dropFirst(2)), der: nodes.first?.whole ?? [],
                    auxiliary: nodes.count > 1 ? auxiliary(nodes[1].content) : nil))
            rest = rest[stop.upperBound...]
        }
        return result
    }

    private typealias Node = (tag: UInt8, whole: [UInt8], content: ArraySlice<UInt8>)

    private static func auxiliary(_ bytes: ArraySlice<UInt8>) -> Auxiliary {
        var result = Auxiliary(trusted: nil, rejected: [])
        for node in nodes(bytes) {
            switch node.tag {
            case 0x30: result.trusted = Set(nodes(node.content).map(\.whole))
            case 0xA0: result.rejected = Set(nodes(node.content).map(\.whole))
            case 12: result.alias = Array(node.content)
            default: break
            }
        }
        return result
    }

    private static func nodes(_ bytes: ArraySlice<UInt8>) -> [Node] {
        var rest = bytes
        var result: [Node] = []
        while rest.count >= 2 {
            let start = rest.startIndex
            let first = Int(rest[start + 1])
            let digits = first < 128 ? 0 : first - 128
            let length = first < 128 ? first : rest[(start + 2)..<(start + 2 + digits)].reduce(0) { $0 << 8 | Int($1) }
            let content = rest[(start + 2 + digits)..<(start + 2 + digits + length)]
            result.append((rest[start], Array(rest[start..<content.endIndex]), content))
            rest = rest[content.endIndex...]
        }
        return result
    }
}

extension ExtractedCertificate {
    /// What OpenSSL makes of the auxiliary data: a rejected purpose is out, no list of trusted ones is all.
    func isTrusted(for purpose: Purpose) -> Bool {
        guard let auxiliary else { return false }
        let names = Set([purpose, .any].map { DERBytes.identifier($0.identifier) })
        return auxiliary.rejected.isDisjoint(with: names) && !(auxiliary.trusted?.isDisjoint(with: names) ?? false)
    }
}
