import AssayAdvisories
import AssayJSON
import AssayTestSupport
import Testing

/// Readers see documents that nobody has checked: whatever stands there is an error with its way, or a value.
@Test(arguments: AdvisoryFormat.allCases)
func `documents with any value changed are read or refused, never more`(format: AdvisoryFormat) throws {
    let sample = Sample.advisory(id: format == .osv ? "CVE-2026-12345" : "EX-2026-1")
    let document = try format.document(sample)
    var refused = 0
    var numbers = SeededNumbers(state: 3)
    for _ in 0..<2000 {
        let changed = change(document, &numbers)
        do throws(AdvisoryError) {
            let read = try format.advisory(changed)
            #expect(read.products.count <= 20_000)
        } catch {
            refused += 1
            #expect(!error.description.isEmpty)
        }
    }
    #expect(refused > 50)
}

private func change(_ value: JSONValue, _ numbers: inout SeededNumbers) -> JSONValue {
    let strange: [JSONValue] = [
        .null, .bool(false), .integer(9), "", "\u{202E}x", .array([.null]), .object(["a": .null]),
    ]
    switch value {
    case .array(var elements) where !elements.isEmpty && Int.random(in: 0..<6, using: &numbers) > 0:
        let index = Int.random(in: 0..<elements.count, using: &numbers)
        elements[index] = change(elements[index], &numbers)
        return .array(elements)
    case .object(var object) where object.count > 0 && Int.random(in: 0..<6, using: &numbers) > 0:
        let key = object.keys.randomElement(using: &numbers) ?? ""
        object[key] = Int.random(in: 0..<5, using: &numbers) == 0 ? nil : object[key].map { change($0, &numbers) }
        return .object(object)
    default: return strange.randomElement(using: &numbers) ?? .null
    }
}

@Test(arguments: [(AdvisoryFormat.csaf, "relationships"), (.csaf21, "product_paths"), (.csafVEX21, "product_paths")])
func `deep product trees and long lists are refused`(format: AdvisoryFormat, compositions: String) throws {
    var branch = JSONValue.object(["category": "vendor", "name": "v"])
    for _ in 0..<60 {
        branch = .object(["branches": .array([branch]), "category": "vendor", "name": "v"])
    }
    let product = JSONValue.object(["name": "p", "product_id": "P1"])
    let leaf = JSONValue.object(["category": "product_version", "name": "1", "product": product])
    let urls = JSONValue.array(Array(repeating: "pkg:generic/p", count: 20_001))
    for tree in [
        JSONObject([("branches", .array([branch]))]),
        ["full_product_names": .array(Array(repeating: .null, count: 20_001))],
        [compositions: .array(Array(repeating: .null, count: 20_001))],
        [
            "branches": .array(Array(repeating: leaf, count: 15_000)),
            "full_product_names": .array(Array(repeating: product, count: 15_000)),
        ],
        format == .csaf
            ? ["branches": .array([branch])]
            : [
                "full_product_names": .array([
                    .object([
                        "name": "p", "product_id": "P1", "product_identification_helper": .object(["purls": urls]),
                    ])
                ])
            ],
    ] {
        var document = try format.document(Sample.advisory()).object ?? [:]
        document["product_tree"] = .object(tree)
        let changed = document
        let error = #expect(throws: AdvisoryError.self) { try format.advisory(.object(changed)) }
        #expect(error?.code == .tooLarge, "\(String(describing: error))")
    }
}

@Test(arguments: [AdvisoryFormat.csaf, .csaf21])
func `what is said of a product that is not there is refused`(format: AdvisoryFormat) throws {
    var document = try format.document(Sample.advisory()).object ?? [:]
    document["product_tree"] = nil
    let changed = document
    let error = #expect(throws: AdvisoryError.self) { try format.advisory(.object(changed)) }
    #expect(error?.path == ["vulnerabilities", "0"])
}

@Test(arguments: [
    ("2.2", AdvisoryFormat.csaf), ("2.1", .csaf), ("2.0", .csaf21), ("2.0", .csafVEX21), ("2.10", .csafVEX21),
    ("https://openvex.dev/ns/v9.9.9", .openVEX),
])
func `other versions are refused`(version: String, format: AdvisoryFormat) throws {
    var document = try format.document(Sample.advisory()).object ?? [:]
    if format.csafVersion != nil {
        var head = document["document"]?.object ?? [:]
        head["csaf_version"] = .string(version)
        document["document"] = .object(head)
    } else {
        document["@context"] = .string(version)
    }
    let changed = document
    let error = #expect(throws: AdvisoryError.self) { try format.advisory(.object(changed)) }
    #expect(error?.code == .format)
}

@Test(
    arguments: [
        (
            "pkg:rpm/azurelinux/openssl-libs@3.3.3-2.azl3?arch=x86_64",
            "pkg:rpm/azurelinux/openssl-libs@3.3.3-2.azl3?arch=x86_64"
        ),
        ("pkg:generic/a%20b", "pkg:generic/a%20b"), ("pkg:NPM/%40scope/name@1.0#sub", "pkg:npm/%40scope/name@1.0"),
        (
            "pkg:deb/debian/curl@7.50.3-1?distro=jessie&arch=i386",
            "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie"
        ),
        ("pkg:rpm", nil), ("pkg:rpm/", nil), ("rpm/a/b", nil), ("pkg:rpm/a@", nil), ("pkg:rpm/a%2", nil),
        ("pkg:rpm/a?x", nil),
        ("pkg:rpm/%ff", nil),
    ] as [(String, String?)])
func `package URLs are read and written in one form`(text: String, canonical: String?) {
    #expect(PackageURL(text)?.description == canonical)
}

@Test
func `GitHub has no ecosystem for a distribution`() {
    #expect(GitHubPrivateReport.ecosystem(ofOSV: "Azure Linux:3") == "other")
    #expect(GitHubPrivateReport.ecosystem(ofOSV: "PyPI") == "pip")
    #expect(GitHubPrivateReport.ecosystem(ofOSV: nil) == "other")
}
