import AssayJSON

/// The products of CSAF: a tree of vendors, products and versions.
struct CSAFProductTree {
    private static let unknownVendor = "unknown vendor"
    private static let maximumDepth = 30
    private static let maximumProducts = 20_000

    private let version: CSAFVersion

    init(_ version: CSAFVersion) { self.version = version }

    /// The tree of `products`: vendor, product, version.
    func written(_ products: [AdvisoryProduct]) -> JSONValue {
        let vendors = AdvisoryOrder.unique(products.map { $0.vendor ?? Self.unknownVendor })
        return .members([
            "branches": .array(
                vendors.map { vendor in
                    let mine = products.filter { ($0.vendor ?? Self.unknownVendor) == vendor }
                    return branch(
                        "vendor", vendor,
                        AdvisoryOrder.unique(mine.map(\.name)).map { name in
                            productBranch(name, mine.filter { $0.name == name })
                        })
                })
        ])
    }

    private func productBranch(_ name: String, _ products: [AdvisoryProduct]) -> JSONValue {
        // A product without a version is the branch itself, which can hold no versions then.
        if products.count == 1, let product = products.first, product.version == nil {
            return .members(["category": "product_name", "name": .string(name), "product": leaf(product)])
        }
        return branch(
            "product_name", name,
            products.map { product in
                .members([
                    "category": "product_version", "name": .string(product.version ?? "any"), "product": leaf(product),
                ])
            })
    }

    private func branch(_ category: String, _ name: String, _ branches: [JSONValue]) -> JSONValue {
        .members(["branches": .array(branches), "category": .string(category), "name": .string(name)])
    }

    private func leaf(_ product: AdvisoryProduct) -> JSONValue {
        .members([
            "name": .string(product.fullName), "product_id": .string(product.id),
            "product_identification_helper": version.helper(of: product),
        ])
    }

    /// The products of a tree, however it is built.
    func read(_ tree: DocumentValue?) throws(AdvisoryError) -> [AdvisoryProduct] {
        guard let tree else { return [] }
        var products: [AdvisoryProduct] = []
        for branch in try tree.elements("branches") { try read(branch, [:], depth: 0, into: &products) }
        for product in try tree.elements("full_product_names") { try add(product, [:], to: &products) }
        let parts = Dictionary(products.map { ($0.id, $0) }) { first, _ in first }
        for composition in try tree.elements(version.compositions.list) {
            try add(try composition.required("full_product_name"), [:], to: &products)
            // A package within a product has the package's names, but not its identifiers: what is said of it is not said
            // of the package everywhere.
            guard let reference = try composition.text(version.compositions.first), let last = products.indices.last,
                let part = parts[reference]
            else { continue }
            products[last].name = part.name
            products[last].version = part.version
            products[last].vendor = part.vendor
        }
        return products
    }

    private func read(
        _ branch: DocumentValue, _ above: [String: String], depth: Int, into products: inout [AdvisoryProduct]
    ) throws(AdvisoryError) {
        guard depth <= Self.maximumDepth else {
            throw branch.error(.tooLarge, "branches more than \(Self.maximumDepth) deep")
        }
        var names = above
        names[try branch.requiredText("category")] = try branch.requiredText("name")
        if let product = branch["product"] { try add(product, names, to: &products) }
        for next in try branch.elements("branches") { try read(next, names, depth: depth + 1, into: &products) }
    }

    private func add(
        _ product: DocumentValue, _ names: [String: String], to products: inout [AdvisoryProduct]
    ) throws(AdvisoryError) {
        guard products.count < Self.maximumProducts else {
            throw product.error(.tooLarge, "more than \(Self.maximumProducts) products")
        }
        let helper = product["product_identification_helper"]
        let urls = try self.version.packageURLs(helper)
        let vendor = names["vendor"].flatMap { $0 == Self.unknownVendor ? nil : $0 }
        let version = names["product_version"].flatMap { $0 == "any" ? nil : $0 }
        let name = try product.requiredText("name")
        products.append(
            AdvisoryProduct(
                id: try product.requiredText("product_id"), name: names["product_name"] ?? name, vendor: vendor,
                version: version,
                packageURL: urls.first, otherPackageURLs: Array(urls.dropFirst()), cpe: try helper?.text("cpe")))
    }
}
