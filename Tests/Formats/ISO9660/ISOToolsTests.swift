import AssayBytes
import AssayISO9660
import AssayTestSupport
import Testing

/// Images that Debian's packages hold, with what they are.
private let debianImages: [(path: String, volume: String, efi: [String])] = [
    ("/usr/lib/grub-rescue/grub-rescue-cdrom.iso", "ISOIMAGE", []),
    ("/usr/lib/ipxe/ipxe.iso", "ISOIMAGE", ["x86_64"]),
    ("/usr/lib/memtest86+/memtest86+ia32.iso", "MT86PLUS_32", ["i686"]),
    ("/usr/lib/memtest86+/memtest86+x64.iso", "MT86PLUS_64", ["x86_64"]),
]

/// Whether the tests of a Debian image run: without the package they are skipped at home and fail in CI.
private func isInstalled(_ path: String) -> Bool {
    shell("test -e \"$1\" || test -n \"$CI\"", arguments: [path]).status == 0
}

/// What follows `label` and blanks on a line of `text`.
private func value(_ label: String, in text: String) -> String? {
    text.split(separator: "\n").first { $0.hasPrefix(label) }.map {
        $0.dropFirst(label.count).drop { $0 == " " }.trimmingSuffix { $0 == " " }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ isCut: (Character) -> Bool) -> String {
        var result = self
        while let last = result.last, isCut(last) { result.removeLast() }
        return String(result)
    }
}

/// Paths of files and directories with files' sizes, by isoinfo.
private func listing(_ path: String, _ options: String) -> [String] {
    shell("isoinfo -f \(options) -i \"$1\" 2>/dev/null", arguments: [path]).text.split(separator: "\n").map {
        // isoinfo leaves version numbers, and the dots of names without one, where there are no better names.
        let name = $0.dropFirst()
        return name.hasSuffix(".;1")
            ? String(name.dropLast(3)) : name.hasSuffix(";1") ? String(name.dropLast(2)) : String(name)
    }.filter { !$0.isEmpty }.sorted()
}

private func paths(_ tree: DirectoryTree) -> [String] {
    tree.entries.indices.dropFirst().map { String(decoding: tree.path(of: $0), as: UTF8.self) }.sorted()
}

/// Compares an image with what isoinfo and xorriso say about it.
private func compare(_ path: String) throws {
    let source = try FileSource(path)
    let image = try ISO9660Image(source)
    let facts = shell("isoinfo -d -i \"$1\"", arguments: [path]).text
    #expect(image.primary.volumeID == value("Volume id:", in: facts))
    #expect(image.primary.publisherID == value("Publisher id:", in: facts))
    #expect(image.primary.preparerID == value("Data preparer id:", in: facts))
    #expect(image.primary.applicationID == value("Application id:", in: facts))
    #expect("\(image.primary.blocks)" == value("Volume size is:", in: facts))
    #expect((image.descriptors.joliet != nil) == facts.contains("Joliet with UCS level"))
    #expect(image.hasRockRidge == facts.contains("Rock Ridge signatures version 1 found"))
    let tree = try image.tree(in: source)
    #expect(paths(tree) == listing(path, image.hasRockRidge ? "-R" : image.descriptors.joliet != nil ? "-J" : ""))
    if image.descriptors.joliet != nil {
        #expect(paths(try image.tree(in: source, view: .joliet)) == listing(path, "-J"))
    }
    let report = shell("xorriso -indev \"$1\" -report_el_torito plain 2>/dev/null", arguments: [path]).text
    let ours = (image.bootCatalog.value?.images ?? []).map { boot in
        "\(boot.platform == .efi ? "UEFI" : "BIOS") \(boot.isBootable ? "y" : "n") \(boot.sectorCount) \(boot.block)"
    }
    let theirs = report.split(separator: "\n").filter { $0.hasPrefix("El Torito boot img") }.map { line in
        let words = line.split(separator: " ").drop { $0 != ":" }.dropFirst(2).map { String($0) }
        return "\(words[0]) \(words[1]) \(words[5]) \(words[6])"
    }
    #expect(ours == theirs)
    for index in tree.entries.indices where tree.entries[index].kind == .file {
        let content = try ISO9660Image.content(of: tree.entries[index], in: source, limit: .mebibytes(16))
        guard image.hasRockRidge, index % 40 == 1 else { continue }
        let name = String(decoding: tree.path(of: index), as: UTF8.self)
        #expect(content == shell("isoinfo -R -x \"/$2\" -i \"$1\"", arguments: [path, name]).output, "\(name)")
    }
}

struct ISOToolsTests {
    @Test(arguments: debianImages.map(\.path).filter(isInstalled))
    func `Debian's images read as isoinfo and xorriso read them`(path: String) throws {
        try #require(isAvailable("isoinfo") && isAvailable("xorriso"), "genisoimage and xorriso are needed")
        try compare(path)
    }

    @Test(arguments: debianImages.filter { isInstalled($0.path) }.map { ($0.path, $0.volume, $0.efi) })
    func `Debian's images boot as they must`(path: String, volume: String, efi: [String]) throws {
        let source = try FileSource(path)
        let image = try ISO9660Image(source)
        #expect(image.primary.volumeID == volume)
        let catalog = try #require(image.bootCatalog.value)
        #expect(catalog.platform == .bios && image.systemArea.isHybrid && image.systemArea.hasBootCode)
        // A tenth of the file is more than descriptors and catalogs take.
        #expect(source.bytesRead < Int(source.size.rawValue / 10))
        #expect(try image.efiBootFiles(inFATImagesOf: source).map(\.architecture.rawValue) == efi)
    }

    @Test(.enabled(if: isAvailable("xorriso") && isAvailable("isoinfo") && isAvailable("implantisomd5")))
    func `an image of xorriso reads as the tools read it`() throws {
        let scratch = ScratchDirectory()
        try scratch.write("in/EFI/BOOT/BOOTAA64.EFI", Array("MZ not really".utf8))
        try scratch.write("in/some folder/a file whose name is longer than what ISO 9660 has.text", "text")
        try scratch.write("in/bios.img", [UInt8](repeating: 7, count: 4096))
        try scratch.write("in/" + String(repeating: "deep/", count: 12) + "file", "deep")
        try scratch.write("in/" + String(repeating: "n", count: 250), "long")
        for index in 0..<300 { try scratch.write("in/many/file-\(index).txt", "\(index)") }
        let made = shell(
            """
            truncate -s 3M in/efi.img && mformat -i in/efi.img -v EFI :: && mmd -i in/efi.img ::/EFI ::/EFI/BOOT &&
            mcopy -i in/efi.img in/EFI/BOOT/BOOTAA64.EFI ::/EFI/BOOT/ &&
            mcopy -i in/efi.img in/bios.img ::/EFI/BOOT/BOOTRISCV64.EFI &&
            xorriso -as mkisofs -quiet -R -J -joliet-long -V AZURELINUX-3.0-AARCH64 -A app -publisher pub \
              -b bios.img -no-emul-boot -boot-load-size 4 -c boot.cat \
              -eltorito-alt-boot -e efi.img -no-emul-boot \
              -append_partition 2 C12A7328-F81F-11D2-BA4B-00A0C93EC93B in/efi.img -appended_part_as_gpt -o out.iso in
            """, in: scratch.path)
        try #require(made.status == 0, "\(made.errorText)")
        let path = scratch.path + "/out.iso"
        try compare(path)
        let source = try FileSource(path)
        let image = try ISO9660Image(source)
        #expect(image.primary.volumeID == "AZURELINUX-3.0-AARCH64" && image.bestView == .rockRidge)
        let tree = try image.tree(in: source)
        #expect(tree.efiBootFiles.map(\.architecture) == [.aarch64] && tree.outside.isEmpty)
        let inFAT = try image.efiBootFiles(inFATImagesOf: source)
        #expect(inFAT.map(\.architecture) == [.aarch64, .riscv64, .aarch64, .riscv64])
        #expect(inFAT.map(\.place) == [.bootImage(1), .bootImage(1), .partition(2), .partition(2)])
        #expect(inFAT.map(\.size.rawValue) == [13, 4096, 13, 4096])
        let start = try #require(inFAT[0].extents.first)
        #expect(try source.bytes(at: start.offset, count: 13) == Array("MZ not really".utf8))
        // The FAT image is the file of the tree that begins where the catalog says.
        let efi = try #require(image.bootCatalog.value?.images.last)
        #expect(tree.file(at: efi.extent.offset).map { tree.path(of: $0) } == Array("efi.img".utf8))
        let table = try #require(image.systemArea.guidPartitionTable.value)
        #expect(table.areChecksumsRight && image.systemArea.isHybrid && image.trailingBytes > .zero)
    }

    @Test(.enabled(if: isAvailable("xorriso")), arguments: ["12", "16", "32"])
    func `each kind of FAT file system is read`(bits: String) throws {
        let scratch = ScratchDirectory()
        try scratch.write("in/file", "x")
        try scratch.write("loader", [UInt8](repeating: 5, count: 50_000))
        let size = bits == "12" ? "2M" : bits == "16" ? "20M" : "40M"
        let made = shell(
            """
            truncate -s \(size) in/efi.img && /usr/sbin/mkfs.vfat -F \(bits) -s 1 in/efi.img >/dev/null &&
            mmd -i in/efi.img ::/efi ::/efi/boot && mcopy -i in/efi.img loader ::/efi/boot/bootloongarch64.efi &&
            mcopy -i in/efi.img loader ::/efi/boot/bootx64.efi && mcopy -i in/efi.img in/file ::/efi/boot/other.efi &&
            xorriso -as mkisofs -quiet -R -e efi.img -no-emul-boot -o out.iso in
            """, in: scratch.path)
        try #require(made.status == 0, "\(made.errorText)")
        let source = try FileSource(scratch.path + "/out.iso")
        let files = try ISO9660Image(source).efiBootFiles(inFATImagesOf: source)
        #expect(files.map(\.architecture) == [.loongarch64, .x86x64])
        for file in files {
            var bytes: [UInt8] = []
            for extent in file.extents {
                bytes += try source.bytes(at: extent.offset, count: Int(extent.count.rawValue))
            }
            #expect(bytes == [UInt8](repeating: 5, count: 50_000))
        }
    }

    @Test(.enabled(if: isAvailable("genisoimage") && isAvailable("isoinfo")), arguments: ["", "-R", "-J", "-R -J"])
    func `an image of genisoimage reads as isoinfo reads it`(options: String) throws {
        let scratch = ScratchDirectory()
        try scratch.write("in/readme.txt", "text")
        try scratch.write("in/folder/Another File.text", "more")
        try scratch.write("in/a/b/c/d/e/f/g/h/i/j/moved.txt", "moved")
        let made = shell(
            "ln -s ../readme.txt in/folder/link && genisoimage -quiet -D -f \(options) -V VOLUME -o out.iso in",
            in: scratch.path)
        try #require(made.status == 0, "\(made.errorText)")
        try compare(scratch.path + "/out.iso")
    }

    @Test(.enabled(if: isAvailable("genisoimage")))
    func `directories that Rock Ridge moved stand at their place`() throws {
        let scratch = ScratchDirectory()
        try scratch.write("in/a/b/c/d/e/f/g/h/i/j/moved.txt", "moved")
        let made = shell("ln -s ../x in/a/link && genisoimage -quiet -R -o out.iso in", in: scratch.path)
        try #require(made.status == 0, "\(made.errorText)")
        let source = try FileSource(scratch.path + "/out.iso")
        let tree = try ISO9660Image(source).tree(in: source)
        let file = try #require(try tree.lookup("a/b/c/d/e/f/g/h/i/j/moved.txt", ignoringCase: false))
        #expect(try ISO9660Image.content(of: file, in: source, limit: ByteCount(5)) == Array("moved".utf8))
        #expect(try tree.lookup("a/link", ignoringCase: false)?.kind == .symbolicLink(Array("../x".utf8)))
    }

    @Test(.enabled(if: isAvailable("xorriso") && isAvailable("implantisomd5") && isAvailable("checkisomd5")))
    func `the media check covers what isomd5sum hashes`() throws {
        let scratch = ScratchDirectory()
        var numbers = SeededNumbers(state: 9)
        try scratch.write("in/data", (0..<1_500_000).map { _ in UInt8.random(in: 0...255, using: &numbers) })
        let made = shell(
            "xorriso -as mkisofs -quiet -R -o out.iso in && implantisomd5 --supported-iso out.iso && checkisomd5 out.iso",
            in: scratch.path)
        try #require(made.status == 0, "\(made.errorText)")
        let path = scratch.path + "/out.iso"
        let check = try #require(try ISO9660Image(try FileSource(path)).mediaCheck.value)
        let shown = shell("checkisomd5 --md5sumonly \"$1\"", arguments: [path]).text
        #expect(shown.contains(check.md5) && check.isSupported == true && check.fragments.count == 20)
        #expect(shown.contains(check.fragments.map(\.digits).joined()))
        var script = "{ "
        for piece in check.pieces {
            switch piece {
            case .bytes(let extent):
                script += "tail -c +\(extent.offset.rawValue + 1) out.iso | head -c \(extent.count.rawValue); "
            case .spaces(let count): script += "printf '%\(count)s' ''; "
            }
        }
        shell(script + "} > covered", in: scratch.path)
        #expect(shell("md5sum < covered", in: scratch.path).text.hasPrefix(check.md5))
        for fragment in check.fragments {
            let sum = shell("head -c \(fragment.length.rawValue) covered | md5sum", in: scratch.path).text
            let bytes = Hex.decode(String(sum.prefix(32))) ?? []
            #expect(MediaCheck.digits(of: bytes, count: fragment.digits.utf8.count) == fragment.digits)
        }
    }
}
