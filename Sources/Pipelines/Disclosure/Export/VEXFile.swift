import AssayAdvisories
import AssayBytes
import AssayFileSystem
public import AssayFindings
import AssayJSON
import AssayJSONSchema

/// Documents of advisories as they lie on the disk.
public enum VEXFile {
    /// The statements of a VEX document: CSAF 2.0 or 2.1, or OpenVEX.
    ///
    /// - Throws: `DisclosureError` with line and column for a document that is none or is not valid.
    public static func claims(path: String) throws -> [VEXClaim] {
        let document = try AdvisoryFile(path: path)
        guard document.format.csafVersion != nil || document.format == .openVEX else {
            throw DisclosureError(
                "'\(EscapedText(path))' is \(document.format.name), which makes no VEX statements",
                hint: "CSAF 2.0, CSAF 2.1 and OpenVEX do")
        }
        let advisory = document.advisory
        let source = EscapedText(path).description
        let products = Dictionary(advisory.products.map { ($0.id, self.products($0)) }) { first, _ in first }
        return advisory.vulnerabilities.flatMap { vulnerability in
            vulnerability.statements.map { statement in
                VEXClaim(
                    names: vulnerability.names,
                    products: statement.products.flatMap { products[$0] ?? [] },
                    status: statement.status.rawValue, justification: statement.justification,
                    statement: statement.impact ?? statement.action, author: advisory.publisher.name,
                    timestamp: statement.timestamp ?? advisory.modified, source: source)
            }
        }
    }

    /// The product under each of its package URLs: they all name it.
    private static func products(_ product: AdvisoryProduct) -> [VEXClaim.Product] {
        var urls: [String?] = product.packageURLs
        if urls.isEmpty { urls = [product.id.hasPrefix("pkg:") ? product.id : nil] }
        return urls.map { text in
            let url = text.flatMap { AssayAdvisories.PackageURL($0) }
            return VEXClaim.Product(
                name: url?.name ?? product.name, version: url == nil ? product.version : url?.version,
                packageType: url?.type, packageNamespace: url?.namespace, cpe: product.cpe,
                text: product.packageURLs.isEmpty ? product.cpe ?? product.fullName : text ?? product.fullName)
        }
    }
}

/// An advisory read from a file, valid by its schema.
public struct AdvisoryFile: Sendable {
    /// The most bytes of a document.
    public static let maximumSize = 32 << 20

    /// The format that it has.
    let format: AdvisoryFormat
    /// What it says.
    let advisory: Advisory

    /// Reads the document at `path`.
    ///
    /// - Throws: `DisclosureError` with line and column.
    init(path: String) throws {
        let bytes: [UInt8]
        do {
            bytes = try RootedDirectory.openHostFile(path).readToEnd(limit: Self.maximumSize)
        } catch let error as FileSystemError {
            throw DisclosureError(error.description)
        }
        try self.init(bytes, name: EscapedText(path).description)
    }

    /// Reads a document; `name` is what messages call it.
    init(_ bytes: [UInt8], name: String) throws {
        func refuse(_ path: [String], _ reason: String) -> DisclosureError {
            let place = JSONReader.place(of: path, in: bytes).map { ":\($0)" } ?? ""
            return DisclosureError("'\(name)\(place)': \(reason)")
        }
        let document: JSONValue
        do {
            document = try JSONReader.read(bytes, limits: JSONReader.Limits(bytes: Self.maximumSize))
        } catch {
            throw DisclosureError("'\(name):\(error.line):\(error.column)': \(error.detail)")
        }
        guard let format = AdvisoryFormat(of: document) else {
            throw DisclosureError("'\(name)' is no CSAF, OpenVEX, OSV or CVE document")
        }
        if let failure = try ExportSchema.failures(of: document, AdvisorySchema(format)).first {
            throw refuse(failure.path, "no valid \(format.name): \(failure)")
        }
        do {
            advisory = try format.advisory(document)
        } catch {
            throw refuse(error.path, "no \(format.name) that can be read: \(error.detail)")
        }
        self.format = format
    }
}
