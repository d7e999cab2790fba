/// The type rules: what the object is for, and how that was told.
extension ELFFile {
    /// A type and its reason.
    typealias Classified = (type: ELFType, evidence: ELFEvidence)

    /// `DF_1_PIE` of `DT_FLAGS_1`.
    static let pieFlag: UInt64 = 0x0800_0000

    /// The types that are no loadable object; nil for those that are.
    static func typeFromSections(
        _ header: ELFHeader, _ sections: ELFSections, _ segments: ELFSegments
    ) -> Classified? {
        if header.type == ObjectType.core { return (.core, ELFEvidence("e_type is ET_CORE", at: 16)) }
        // Code without bytes is what `objcopy --only-keep-debug` and `eu-strip -f` leave behind.
        if let section = sections.all.first(where: { $0.type == SectionType.noBits && $0.isExecutable && $0.size > 0 })
        {
            return (.debugFile, ELFEvidence("section \(section.name) has code but no bytes (SHT_NOBITS)", at: nil))
        }
        let hasCode = sections.all.contains { $0.isExecutable && $0.hasBytes }
        let debug = sections.all.first { ELFFile.isDebugSection($0.name) }
        if let debug, !hasCode, segments.loads.isEmpty {
            return (.debugFile, ELFEvidence("\(debug.name) and no code, no segment", at: debug.offset))
        }
        switch header.type {
        case ObjectType.relocatable:
            let mark = sections.first(named: ".gnu.linkonce.this_module") ?? sections.first(named: ".modinfo")
            guard let mark else { return (.relocatable, ELFEvidence("e_type is ET_REL", at: 16)) }
            return (.kernelModule, ELFEvidence("e_type is ET_REL with \(mark.name)", at: mark.offset))
        case ObjectType.executable, ObjectType.dynamic: return nil
        default: return (.other, ELFEvidence("e_type is \(header.type)", at: 16))
        }
    }

    /// Whether the section holds debug information.
    static func isDebugSection(_ name: String) -> Bool {
        name.hasPrefix(".debug_") || name.hasPrefix(".zdebug_") || name == ".stab"
    }

    /// The types of loadable objects.
    static func typeFromSegments(
        _ header: ELFHeader, _ segments: ELFSegments, _ dynamic: ELFDynamic?
    ) throws -> Classified {
        let interpreter = segments.first(SegmentType.interpreter)
        if header.type == ObjectType.executable {
            if let interpreter {
                return (.executable, ELFEvidence("e_type is ET_EXEC with PT_INTERP", at: interpreter.headerOffset))
            }
            if let needed = dynamic?.last(ELFDynamic.Tag.needed) {
                return (.executable, ELFEvidence("e_type is ET_EXEC with DT_NEEDED", at: needed.offset))
            }
            return (.staticExecutable, ELFEvidence("e_type is ET_EXEC without PT_INTERP", at: 16))
        }
        if let flags = dynamic?.last(ELFDynamic.Tag.flags1), flags.value & pieFlag != 0 {
            return interpreter == nil
                ? (.staticPIE, ELFEvidence("DF_1_PIE without PT_INTERP", at: flags.offset))
                : (.pie, ELFEvidence("DF_1_PIE with PT_INTERP", at: flags.offset))
        }
        if let soname = dynamic?.last(ELFDynamic.Tag.soname) {
            return (.sharedObject, ELFEvidence("DT_SONAME without DF_1_PIE", at: soname.offset))
        }
        if let interpreter {
            return (.pie, ELFEvidence("PT_INTERP without DT_SONAME", at: interpreter.headerOffset))
        }
        return (.sharedObject, ELFEvidence("e_type is ET_DYN without DF_1_PIE or PT_INTERP", at: 16))
    }
}
