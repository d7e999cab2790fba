extension OpenPGPCertificate {
    /// One certificate of several copies of it, with everything that any of them holds.
    ///
    /// A keyring may hold an old copy beside a newer one that is revoked or prolonged; neither alone tells the truth.
    ///
    /// - Returns: nil when `copies` is empty or holds certificates of different primary keys.
    public static func merged(_ copies: [OpenPGPCertificate]) -> OpenPGPCertificate? {
        guard let first = copies.first, copies.allSatisfy({ $0.primaryKey == first.primaryKey }) else { return nil }
        guard copies.count > 1 else { return first }
        let userIDs = grouped(copies.flatMap(\.userIDs), by: \.bytes).map { same in
            OpenPGPUserID(
                bytes: same[0].bytes, bindings: unique(same.flatMap(\.bindings)),
                revocations: unique(same.flatMap(\.revocations)),
                undecidedRevocations: same.map(\.undecidedRevocations).max() ?? 0)
        }
        let subkeys = grouped(copies.flatMap(\.subkeys), by: \.key).map { same in
            OpenPGPSubkey(
                key: same[0].key, bindings: unique(same.flatMap(\.bindings)),
                revocations: unique(same.flatMap(\.revocations)),
                undecidedRevocations: same.map(\.undecidedRevocations).max() ?? 0)
        }
        return OpenPGPCertificate(
            primaryKey: first.primaryKey, directSignatures: unique(copies.flatMap(\.directSignatures)),
            revocations: unique(copies.flatMap(\.revocations)),
            undecidedRevocations: copies.map(\.undecidedRevocations).max() ?? 0, userIDs: userIDs, subkeys: subkeys,
            remarks: Array(unique(copies.flatMap(\.remarks)).prefix(CertificateParts.maximumRemarks)))
    }

    /// The certificates, copies of one merged, in the order of their first appearance; linear in their size.
    static func merging(_ certificates: [OpenPGPCertificate]) -> [OpenPGPCertificate] {
        grouped(certificates, by: \.primaryKey).compactMap { merged($0) }
    }

    /// The elements in groups of equal keys; each group has at least one.
    private static func grouped<Element, Key: Hashable>(
        _ elements: [Element], by key: (Element) -> Key
    ) -> [[Element]] {
        var places: [Key: Int] = [:]
        var groups: [[Element]] = []
        for element in elements {
            let key = key(element)
            if let place = places[key] {
                groups[place].append(element)
            } else {
                places[key] = groups.count
                groups.append([element])
            }
        }
        return groups
    }

    private static func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
        var seen: Set<Element> = []
        return elements.filter { seen.insert($0).inserted }
    }
}
