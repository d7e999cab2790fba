import AssayFacts
import AssayVulnerabilityReport

/// What a distribution's identity tells about its packages and where reports go.
struct Distribution {
    /// The OSV ecosystem (<https://ossf.github.io/osv-schema/#defined-ecosystems>), where there is one.
    var ecosystem: String?
    /// The name space of its package URLs.
    var nameSpace: String
    /// `ID-VERSION_ID`.
    var qualifier: String
    /// Who gets reports.
    var vendor = Vendor()
    /// Where sources are, for a source package of a version.
    var source: (String, String) -> (location: SourceLocation, spec: String?) = { _, _ in (SourceLocation(), nil) }

    /// Takes it from os-release.
    init(_ system: OperatingSystemFacts) {
        let version = system.version ?? ""
        let major = version.split(separator: ".").first.map(String.init) ?? version
        nameSpace = system.id
        qualifier = version.isEmpty ? system.id : "\(system.id)-\(version)"
        switch system.id {
        case "azurelinux":
            ecosystem = "Azure Linux:\(major)"
            vendor.name = "Microsoft"
            vendor.contact = "secure@microsoft.com"
            vendor.policy = "https://www.microsoft.com/msrc/cvd"
            vendor.namespace = "https://www.microsoft.com"
            // Each release is a branch; the specs of a package are in a folder of the source's name.
            source = { name, _ in
                var location = SourceLocation()
                location.repository = "https://github.com/microsoft/azurelinux"
                location.reference = version.isEmpty ? nil : version
                return (location, "SPECS/\(name)/\(name).spec")
            }
        case "debian":
            ecosystem = major.isEmpty ? nil : "Debian:\(major)"
            vendor.name = "Debian"
            vendor.contact = "security@debian.org"
            vendor.policy = "https://www.debian.org/security/faq"
            vendor.namespace = "https://www.debian.org"
            source = { name, version in
                var location = SourceLocation()
                location.url = "https://sources.debian.org/src/\(name)/\(PackageURL.encoded(version))/"
                return (location, "debian/rules")
            }
        case "ubuntu":
            ecosystem = version.isEmpty ? nil : "Ubuntu:\(version)"
            vendor.name = "Ubuntu"
            vendor.contact = "security@ubuntu.com"
            vendor.policy = "https://ubuntu.com/security/disclosure-policy"
            vendor.namespace = "https://ubuntu.com"
        case "almalinux": ecosystem = "AlmaLinux:\(major)"
        case "rocky": ecosystem = "Rocky Linux:\(major)"
        case "alpine":
            ecosystem =
                version.isEmpty ? nil : "Alpine:v\(version.split(separator: ".").prefix(2).joined(separator: "."))"
        default: break
        }
    }
}

/// Package URLs. <https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst>
enum PackageURL {
    /// The package URL of an installed package.
    static func text(_ package: InstalledPackageRecord, _ distribution: Distribution) -> String {
        var version = package.fullVersion
        var qualifiers: [String] = []
        if let architecture = package.architecture, !architecture.isEmpty {
            qualifiers.append("arch=\(encoded(architecture))")
        }
        qualifiers.append("distro=\(encoded(distribution.qualifier))")
        // Of RPM packages the epoch is a qualifier, of Debian's it stands in the version.
        if package.kind == "rpm", let colon = version.firstIndex(of: ":") {
            qualifiers.append("epoch=\(encoded(String(version[..<colon])))")
            version = String(version[version.index(after: colon)...])
        }
        return "pkg:\(package.kind)/\(encoded(distribution.nameSpace))/\(encoded(package.name))@\(encoded(version))?"
            + qualifiers.joined(separator: "&")
    }

    /// Percent-encoded but for letters, digits and `.-_~:`.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: ":"):
                String(Unicode.Scalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
