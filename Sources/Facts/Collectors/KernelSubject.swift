import AssayBytes
import AssayCompression
import AssayFacts
import AssayFileSystem
import AssayKernelConfig
import AssayPE

/// Facts of a kernel that is given alone: its configuration or its image.
enum KernelSubject {
    /// The facts of a configuration; `path` is escaped.
    static func facts(configuration bytes: [UInt8], path: String, commandLine: String?) -> Facts {
        var facts = Facts(subject: SubjectFacts(kind: .kernelConfiguration, name: path))
        facts.kernels = [kernel(configuration(bytes, path, origin: "config file"), path, commandLine)]
        return facts
    }

    /// The facts of a kernel image, a unified kernel image or a compressed configuration; `path` is escaped.
    static func facts(image file: FileSource, path: String, commandLine: String?) -> Facts {
        facts(image: file as any ByteSource, path: path, commandLine: commandLine)
    }

    static func facts(image file: any ByteSource, path: String, commandLine: String?) -> Facts {
        var facts = Facts(subject: SubjectFacts(kind: .kernelImage, name: path))
        do {
            if let text = try compressedConfiguration(file) {
                facts.subject.kind = .kernelConfiguration
                facts.kernels = [kernel(configuration(text, path, origin: "config file, gzip"), path, commandLine)]
            } else if let unified = try unifiedKernel(file, path) {
                var menu = BootMenu()
                menu.lines = unified.commandLines.enumerated().map { index, line in
                    BootLine(
                        rank: .unifiedImage, target: .every,
                        facts: CommandLineFacts(
                            source: .unifiedKernelImage, line.text, place: Place(path), entry: line.profile,
                            isDefault: index == 0))
                }
                facts.kernels = [
                    kernel(unified.configuration, path, commandLine, release: unified.release, menu: menu)
                ]
                facts.gaps += unified.gaps
            } else {
                let image = try KernelImage(file)
                let found = image.foundConfiguration(at: path).map { Reading.found($0) } ?? .absent
                facts.kernels = [kernel(found, path, commandLine, release: image.release)]
            }
        } catch {
            facts.kernels = [kernel(.unreadable("\(error)"), path, commandLine)]
        }
        return facts
    }

    private static func configuration(_ bytes: [UInt8], _ path: String, origin: String) -> Reading<FoundConfiguration> {
        do {
            return .found(FoundConfiguration(config: try KernelConfig(bytes), origin: origin, place: Place(path)))
        } catch {
            return .unreadable("\(error)")
        }
    }

    /// The text of a configuration that gzip compressed, such as `/proc/config.gz`; nil when the file is something else.
    private static func compressedConfiguration(_ file: any ByteSource) throws -> [UInt8]? {
        guard try file.prefix(at: .zero, atMost: 2) == [0x1F, 0x8B], file.size.rawValue <= 4 << 20 else { return nil }
        let limits = DecompressionLimits(output: .mebibytes(16), memory: .mebibytes(1))
        let bytes = try file.prefix(at: .zero, atMost: 4 << 20)
        // More than a configuration can have is a kernel: Image.gz.
        guard let text = try? Decompressor(.gzip, limits: limits).bytes(of: bytes) else { return nil }
        return KernelConfig.looksLikeKernelConfig(text.prefix(KernelConfig.recognitionLength)) ? text : nil
    }

    /// The sections of a unified kernel image; nil when the file is none: a bzImage is a PE image as well.
    private static func unifiedKernel(_ file: any ByteSource, _ path: String) throws -> UnifiedKernelReader.Sections? {
        guard PEImage.looksLikePE(try file.prefix(at: .zero, atMost: 2)), (try? PEImage(file)) != nil else {
            return nil
        }
        return try UnifiedKernelReader.kernel(file, path: path)
    }

    /// The kernel with the command line that is its own, or given, and with what its configuration adds to that.
    private static func kernel(
        _ found: Reading<FoundConfiguration>, _ path: String, _ commandLine: String?, release: String? = nil,
        menu: BootMenu = BootMenu()
    ) -> KernelFacts {
        let release = release ?? found.value?.config.version?.raw ?? "unknown"
        var facts = KernelFacts(release: release, isRunning: false, found, absentAt: Place(path))
        var menu = menu
        if let commandLine { menu.lines.append(BootLine(option: commandLine)) }
        menu.apply(to: &facts, InstalledKernel(release: release), among: [], nil)
        return facts
    }
}
