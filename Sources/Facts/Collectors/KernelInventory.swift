import AssayBootLoader
import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayKernelConfig

/// A kernel of a subject and where its parts are.
struct InstalledKernel {
    /// What `uname -r` gives.
    let release: String
    /// Its module directories.
    var directories: [TreePath] = []
    /// Its images, where the name tells or the image itself said so.
    var images: [TreePath] = []
}

/// The kernels that are installed in a subject: found by module directories, by `/boot` and by unified kernel images.
struct KernelInventory {
    /// The most kernels, and the most entries of one kind, that are looked at.
    static let most = 128
    /// How kernel images in `/boot` begin.
    static let imageNames = ["vmlinuz", "vmlinux", "Image", "bzImage", "zImage", "kernel"]
    /// Where the file system of the boot loader, or of UEFI, is found.
    static let bootFileSystems: [TreePath] = ["/boot/efi", "/efi", "/boot"]
    /// Names in a module directory that only a kernel's package puts there.
    private static let moduleDirectoryMarks: Set<String> = [
        "kernel", "modules.dep", "modules.builtin", "modules.order", "vmlinuz", "config",
    ]

    /// The kernels, the newest first.
    private(set) var kernels: [InstalledKernel] = []
    /// Unified kernel images on a boot file system.
    private(set) var bootImages: [UnifiedKernel] = []
    /// Unified kernel images in module directories, from where kernel-install would take them.
    private(set) var packagedImages: [UnifiedKernel] = []
    /// Places that could not be read, so that kernels may be missing.
    private(set) var gaps: [Gap] = []
    /// Places that could not be read, so that unified kernel images may be missing.
    private(set) var imageGaps: [Gap] = []

    private let reader: SubjectReader
    private let cache: KernelImageCache
    private var found: [String: InstalledKernel] = [:]

    /// Looks for kernels.
    init(_ reader: SubjectReader, _ cache: KernelImageCache) {
        self.reader = reader
        self.cache = cache
        var leftovers: [InstalledKernel] = []
        for directory in distinct(["/usr/lib/modules", "/lib/modules"]) { addModules(directory, &leftovers) }
        addBoot(leftovers)
        for base in distinct(KernelInventory.bootFileSystems.map { $0.appending("EFI/Linux") }) { addUnified(base) }
        kernels = found.values.sorted { left, right in
            let order = VersionOrder.compare(left.release, right.release)
            return order == 0 ? left.release < right.release : order > 0
        }
        for directory in kernels.flatMap(\.directories) {
            packagedImages += unified(directory, gaps: &imageGaps)
        }
    }

    /// `paths` without those that are the same directory as one before: `/lib` is a link to `/usr/lib` mostly.
    private func distinct(_ paths: [TreePath]) -> [TreePath] {
        var seen: Set<[UInt64]> = []
        return paths.filter { path in
            guard let status = reader.status(path).value else { return true }
            return seen.insert([status.device, status.inode]).inserted
        }
    }

    /// The entries of `directory`; nil when there is none, and a gap when it could not be read.
    private func entries(_ directory: TreePath, _ gaps: inout [Gap]) -> [DirectoryEntry]? {
        switch reader.entries(directory) {
        case .absent: return nil
        case .unreadable(let reason):
            gaps.append(Gap(Place(directory.description), reason: reason))
            return nil
        case .found(let entries): return entries
        }
    }

    /// Directories that hold nothing of a kernel are `leftovers`, of packages removed or of modules added.
    private mutating func addModules(_ directory: TreePath, _ leftovers: inout [InstalledKernel]) {
        guard let entries = entries(directory, &gaps) else { return }
        if entries.count > KernelInventory.most {
            gaps.append(Gap(Place(directory.description), reason: "more than \(KernelInventory.most) entries"))
        }
        for entry in entries.prefix(KernelInventory.most) where entry.type != .regular && entry.type != .special {
            let path = directory.appending(entry.name)
            let release = String(decoding: entry.name, as: UTF8.self)
            var kernel = InstalledKernel(release: release, directories: [path])
            switch reader.entries(path) {
            case .absent: continue
            case .unreadable(let reason): gaps.append(Gap(Place(path.description), reason: reason))
            case .found(let names):
                guard names.contains(where: { KernelInventory.isMark($0) }) else {
                    leftovers.append(kernel)
                    continue
                }
                if names.contains(where: { $0.text == "vmlinuz" }) { kernel.images.append(path.appending("vmlinuz")) }
            }
            add(kernel)
        }
    }

    private static func isMark(_ entry: DirectoryEntry) -> Bool {
        moduleDirectoryMarks.contains(entry.text) || entry.name.suffix(4) == Array(".efi".utf8)[...]
    }

    private mutating func add(_ kernel: InstalledKernel) {
        guard var known = found[kernel.release] else {
            guard found.count < KernelInventory.most else { return }
            found[kernel.release] = kernel
            return
        }
        known.directories += kernel.directories
        known.images += kernel.images
        found[kernel.release] = known
    }

    /// Kernels and configurations in `/boot`.
    private mutating func addBoot(_ leftovers: [InstalledKernel]) {
        let boot: TreePath = "/boot"
        guard let entries = entries(boot, &gaps) else { return }
        let ignored = [".old", ".bak", ".hmac", ".sig", ".dpkg-new", ".dpkg-old", ".rpmnew", ".rpmsave"]
        var images: [(path: TreePath, suffix: String)] = []
        for entry in entries where entry.type != .directory && entry.type != .special {
            let name = String(decoding: entry.name, as: UTF8.self)
            guard !ignored.contains(where: { name.hasSuffix($0) }) else { continue }
            if name.hasPrefix("config-"), name.utf8.count > 7 {
                add(InstalledKernel(release: String(name.dropFirst(7))))
            } else if let suffix = KernelInventory.release(ofImage: name) {
                images.append((boot.appending(entry.name), suffix))
            }
        }
        if images.count > KernelInventory.most {
            gaps.append(Gap(Place("/boot"), reason: "more than \(KernelInventory.most) kernel images"))
        }
        for image in images.prefix(KernelInventory.most) { add(image: image.path, suffix: image.suffix) }
        for leftover in leftovers where found[leftover.release] != nil { add(leftover) }
    }

    /// What follows `vmlinuz-` and its like in the name of an image: empty for `vmlinuz` itself, nil for another name.
    static func release(ofImage name: String) -> String? {
        for prefix in imageNames where name.hasPrefix(prefix) {
            let rest = name.dropFirst(prefix.count)
            if rest.isEmpty { return "" }
            if rest.first == "-" { return String(rest.dropFirst()) }
        }
        return nil
    }

    /// An image whose name holds no release (`vmlinuz-linux`, a rescue image) is asked for it.
    private mutating func add(image path: TreePath, suffix: String) {
        if found[suffix] != nil || KernelVersion(suffix) != nil {
            add(InstalledKernel(release: suffix, images: [path]))
            return
        }
        // A link to an image whose name tells needs no reading.
        if let target = try? reader.root.linkTarget(path), let name = TreePath(target).names.last,
            let release = KernelInventory.release(ofImage: String(decoding: name, as: UTF8.self)),
            KernelVersion(release) != nil
        {
            return
        }
        switch cache.image(path) {
        case .found(let image):
            guard let release = image.release ?? (suffix.isEmpty ? nil : suffix) else { return }
            add(InstalledKernel(release: release, images: [path]))
        case .absent: return
        case .unreadable(let reason): gaps.append(Gap(Place(path.description), reason: reason))
        }
    }

    private mutating func addUnified(_ directory: TreePath) {
        var problems: [Gap] = []
        let images = unified(directory, gaps: &problems)
        bootImages += images
        gaps += problems
        imageGaps += problems
        for image in images { if let release = image.release { add(InstalledKernel(release: release)) } }
    }

    /// The unified kernel images of `directory`, those with the newest names first.
    private func unified(_ directory: TreePath, gaps: inout [Gap]) -> [UnifiedKernel] {
        guard let entries = entries(directory, &gaps) else { return [] }
        let names = entries.filter { entry in
            entry.type != .directory && String(decoding: entry.name, as: UTF8.self).lowercased().hasSuffix(".efi")
        }
        if names.count > UnifiedKernelReader.most {
            gaps.append(
                Gap(Place(directory.description), reason: "more than \(UnifiedKernelReader.most) EFI programs"))
        }
        var images: [UnifiedKernel] = []
        for entry in names.prefix(UnifiedKernelReader.most) {
            let path = directory.appending(entry.name)
            switch UnifiedKernelReader(reader: reader).kernel(path) {
            case .found(let image?): images.append(image)
            case .found, .absent: continue
            case .unreadable(let reason): gaps.append(Gap(Place(path.description), reason: reason))
            }
        }
        return images.sorted { VersionOrder.compare($0.name, $1.name) > 0 }
    }
}
