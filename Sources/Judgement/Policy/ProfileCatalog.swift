/// The profiles that come with Assay.
public enum ProfileCatalog {
    /// All of them, ordered by name.
    public static let all: [Profile] = texts.keys.sorted().compactMap { name in
        profile(named: name)
    }

    /// The profile `name`, or nil when there is none.
    public static func profile(named name: String) -> Profile? {
        // That each of them is well-formed, and has the name that it is kept under, is held by a test.
        texts[name].flatMap { try? ProfileFile.profile($0, nil) }
    }

    /// The YAML of the profile `name`, to copy and edit.
    public static func text(named name: String) -> String? { texts[name] }

    /// The profile for an operating system, by `ID` and `VERSION_ID` of its os-release.
    ///
    /// Of the profiles that name the system, the one for the latest release that is not later than `version`; `default`
    /// where none does.
    public static func defaultProfile(osID: String?, version: String?) -> Profile? {
        let release = version.flatMap(ReleaseNumber.init)
        let fitting = all.filter { profile in
            guard let osID, profile.operatingSystems.contains(osID) else { return false }
            guard let since = profile.sinceVersion.flatMap(ReleaseNumber.init) else { return true }
            return release.map { $0 >= since } ?? false
        }
        let latest = fitting.max { left, right in
            switch (left.sinceVersion.flatMap(ReleaseNumber.init), right.sinceVersion.flatMap(ReleaseNumber.init)) {
            case (nil, nil), (_?, nil): false
            case (nil, _?): true
            case (let left?, let right?): left < right
            }
        }
        return latest ?? profile(named: "default")
    }

    /// The texts, by name.
    private static let texts: [String: String] = [
        "azure-linux-3": String(decoding: PackageResources.azure_linux_3_yaml, as: UTF8.self),
        "azure-linux-4": String(decoding: PackageResources.azure_linux_4_yaml, as: UTF8.self),
        "default": String(decoding: PackageResources.default_yaml, as: UTF8.self),
        "authenticity": String(decoding: PackageResources.authenticity_yaml, as: UTF8.self),
        "trust-store": String(decoding: PackageResources.trust_store_yaml, as: UTF8.self),
        "dm-verity": String(decoding: PackageResources.dm_verity_yaml, as: UTF8.self),
    ]
}
