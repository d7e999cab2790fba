import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayKernelConfig
import AssayPE

/// A unified kernel image of a subject: what its sections and its addons say.
struct UnifiedKernel {
    /// One command line: the image's own, or that of a profile.
    struct CommandLine {
        let text: String
        /// What `.profile` says of itself, in one line.
        let profile: String?
    }

    let path: TreePath
    /// The file name without `.efi`.
    let name: String
    /// What `.uname` says, or else the kernel.
    let release: String?
    /// The command lines, the one first that is taken when nobody chooses a profile.
    let commandLines: [CommandLine]
    /// The addons whose command lines are part of `commandLines`.
    let addons: [String]
    /// The kernel's embedded configuration.
    let configuration: Reading<FoundConfiguration>
    /// What could not be read of it.
    let gaps: [Gap]
}

/// Reads unified kernel images (<https://uapi-group.org/specifications/specs/unified_kernel_image/>).
struct UnifiedKernelReader {
    let reader: SubjectReader

    /// The most images and addons of one directory that are read.
    static let most = 128

    /// The image in the file `path`; nil when it is an EFI program without a kernel.
    func kernel(_ path: TreePath) -> Reading<UnifiedKernel?> {
        reader.reading {
            let file = try reader.root.open(path)
            return try UnifiedKernelReader.kernel(file, path: path.description) { addons(path, gaps: &$0) }
                .map { sections in
                    UnifiedKernel(
                        path: path, name: path.lastName.replacing(".efi", with: ""), release: sections.release,
                        commandLines: sections.commandLines, addons: sections.addons,
                        configuration: sections.configuration, gaps: sections.gaps)
                }
        }
    }

    /// What the sections of a unified kernel image say.
    struct Sections {
        var release: String?
        var commandLines: [UnifiedKernel.CommandLine] = []
        var addons: [String] = []
        var configuration: Reading<FoundConfiguration>
        var gaps: [Gap] = []
    }

    /// The command line of an addon.
    struct Addon {
        let name: String
        let commandLine: String
    }

    /// Reads the sections of `file`; nil when it has no kernel.
    static func kernel(
        _ file: any ByteSource, path: String, addons: (inout [Gap]) -> [Addon] = { _ in [] }
    ) throws -> Sections? {
        let image = UnifiedKernelImage(try PEImage(file))
        guard let linux = image.section(.linux) else { return nil }
        let region = PEImage.region(of: linux)
        var sections = Sections(configuration: .absent)
        do {
            let kernel = try KernelImage(FileRegion(file: file, start: region.offset, size: region.count))
            sections.release = kernel.release
            sections.configuration =
                kernel.foundConfiguration(at: path, in: ", .linux of a unified kernel image").map { .found($0) }
                ?? .absent
        } catch {
            sections.configuration = .unreadable("section '.linux': \(error)")
        }
        if let release = try image.text(of: .uname, in: file), !release.isEmpty { sections.release = release }

        let more = addons(&sections.gaps)
        sections.addons = more.map(\.name)
        // Without a choice, systemd-stub takes profile 0 (systemd-stub(7), "UKI Profiles").
        let profiles: [Int?] = image.profiles.isEmpty ? [nil] : Array(image.profiles.indices.prefix(most))
        for profile in profiles {
            guard let own = try image.text(of: .cmdline, profile: profile, in: file) else { continue }
            let title = try profile.flatMap { index in
                try image.profiles[index].section(.profile).map { section in
                    String(
                        decoding: try PEImage.content(of: section, in: file, limit: .kibibytes(64)), as: UTF8.self)
                }
            }
            sections.commandLines.append(
                UnifiedKernel.CommandLine(
                    text: ([own] + more.map(\.commandLine)).filter { !$0.isEmpty }.joined(separator: " "),
                    profile: title?.split(whereSeparator: \.isNewline).joined(separator: ", ")))
        }
        return sections
    }

    /// The addons that systemd-stub appends: those for all images, then the image's own, each by name.
    private func addons(_ path: TreePath, gaps: inout [Gap]) -> [Addon] {
        let own = path.parent.appending((path.names.last ?? []) + Array(".extra.d".utf8))
        var directories = [own]
        // `EFI/Linux/name.efi` is two directories below the root of its file system.
        if path.parent.parent.lastName.uppercased() == "EFI" {
            directories.insert(path.parent.parent.parent.appending("loader/addons"), at: 0)
        }
        var addons: [Addon] = []
        for directory in directories {
            let entries: [DirectoryEntry]
            switch reader.entries(directory) {
            case .absent: continue
            case .unreadable(let reason):
                gaps.append(Gap(Place(directory.description), reason: reason))
                continue
            case .found(let found): entries = found.filter { $0.name.suffix(10) == Array(".addon.efi".utf8)[...] }
            }
            if entries.count > UnifiedKernelReader.most {
                gaps.append(Gap(Place(directory.description), reason: "more than \(UnifiedKernelReader.most) addons"))
            }
            for entry in entries.prefix(UnifiedKernelReader.most) {
                let place = directory.appending(entry.name)
                let text = reader.reading { () throws -> String? in
                    let file = try reader.root.open(place)
                    return try UnifiedKernelImage(PEImage(file)).text(of: .cmdline, in: file)
                }
                switch text {
                case .found(let text?): addons.append(Addon(name: entry.text, commandLine: text))
                case .found, .absent: continue
                case .unreadable(let reason): gaps.append(Gap(Place(place.description), reason: reason))
                }
            }
        }
        return addons
    }
}
