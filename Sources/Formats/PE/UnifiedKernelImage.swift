public import AssayBytes

/// A unified kernel image or an addon to one: a PE image whose sections are a boot's parts.
///
/// <https://uapi-group.org/specifications/specs/unified_kernel_image/>. Sections before the first `.profile` are the base;
/// each `.profile` begins a profile, whose sections take the place of the base's of the same name.
public struct UnifiedKernelImage: Hashable, Sendable {
    /// A section that the specification defines.
    public enum Part: String, Hashable, Sendable, CaseIterable {
        /// The kernel.
        case linux = ".linux"
        /// The initial file system.
        case initrd = ".initrd"
        /// The kernel command line.
        case cmdline = ".cmdline"
        /// An os-release file.
        case osrel = ".osrel"
        /// The kernel's release.
        case uname = ".uname"
        /// Secure Boot's revocation levels.
        case sbat = ".sbat"
        /// A device tree.
        case dtb = ".dtb"
        /// A device tree that is chosen by hardware.
        case dtbauto = ".dtbauto"
        /// The table by which hardware is recognised.
        case hwids = ".hwids"
        /// Firmware that is chosen by hardware.
        case efifw = ".efifw"
        /// Processor microcode.
        case ucode = ".ucode"
        /// A picture.
        case splash = ".splash"
        /// Signed expected PCR values.
        case pcrsig = ".pcrsig"
        /// The public key that verifies `pcrsig`.
        case pcrpkey = ".pcrpkey"
        /// The beginning of a profile.
        case profile = ".profile"

        /// Whether one profile may have several: the specification allows it of what is chosen by hardware.
        var isRepeatable: Bool { self == .dtbauto || self == .efifw }
    }

    /// The sections of the base or of one profile.
    public struct Profile: Hashable, Sendable {
        /// The sections in the table's order, with what they are.
        public let sections: [PEImage.Section]

        /// The first section that is `part`, which is the one that counts.
        public func section(_ part: Part) -> PEImage.Section? { sections.first { $0.name == part.rawValue } }

        /// The parts of which there is more than one section, though the specification allows one.
        public var duplicates: [Part] {
            Part.allCases.filter { part in
                !part.isRepeatable && sections.count { $0.name == part.rawValue } > 1
            }
        }
    }

    /// The PE image.
    public let image: PEImage
    /// The sections before the first `.profile`.
    public let base: Profile
    /// The profiles, each beginning with its `.profile`; none in an ordinary image.
    public let profiles: [Profile]

    /// Sorts the sections of `image`.
    public init(_ image: PEImage) {
        self.image = image
        var groups: [[PEImage.Section]] = [[]]
        for section in image.sections {
            if section.name == Part.profile.rawValue { groups.append([]) }
            groups[groups.count - 1].append(section)
        }
        base = Profile(sections: groups[0])
        profiles = groups.dropFirst().map { Profile(sections: $0) }
    }

    /// Whether there is a kernel: what makes a PE image a unified kernel image, and not an addon.
    public var hasKernel: Bool { base.section(.linux) != nil }

    /// Whether this is an addon (`*.addon.efi`): parts of a boot, but no kernel.
    public var isAddon: Bool {
        !hasKernel && [.cmdline, .dtb, .ucode, .initrd].contains { base.section($0) != nil }
    }

    /// The section that `part` is when `profile`, counted from 0, is booted: the profile's own, else the base's.
    public func section(_ part: Part, profile: Int? = nil) -> PEImage.Section? {
        if let profile, profiles.indices.contains(profile), let own = profiles[profile].section(part) { return own }
        return base.section(part)
    }

    /// The most bytes that `text(of:profile:in:)` reads.
    public static let textLimit = ByteCount.mebibytes(1)

    /// The content of a part that is text (`cmdline`, `osrel`, `uname`, `sbat`), or nil when there is none.
    ///
    /// The text ends at the first zero byte; line ends at its end are cut off. What is not UTF-8 becomes U+FFFD.
    ///
    /// - Throws: `PEError` of code `tooLarge` or `truncated`, or the source's own error.
    public func text(of part: Part, profile: Int? = nil, in source: any ByteSource) throws -> String? {
        guard let section = section(part, profile: profile) else { return nil }
        var bytes = try PEImage.content(of: section, in: source, limit: Self.textLimit).prefix { $0 != 0 }
        while bytes.last == 0x0A { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
