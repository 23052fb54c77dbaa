import Foundation
import XenTree

/// A compiler and a linker that spare the tree's make the work of which nothing is read: objects that are only compiled
/// to be linked, and the hypervisor itself.
///
/// What make wants to know of the real tools, headers that it makes of their output, assembler, and code that it puts
/// into headers or other sources still come from the real ones.
struct StandInTools {
    /// In the build's directory.
    let directory: String
    let toolchain: Toolchain

    private var place: String { directory + "/.xenwidth" }
    private var compiler: String { place + "/cc" }
    private var linker: String { place + "/ld" }
    private var emptyObject: String { place + "/empty.o" }
    /// There once make has come to the hypervisor's own link.
    private var mark: String { place + "/linked" }

    /// Whether make has done everything that comes before the link.
    var haveSeenLink: Bool { FileManager.default.fileExists(atPath: mark) }

    /// What make is told in addition to the toolchain's own arguments.
    var makeArguments: [String] {
        var arguments = ["CC=\(compiler)", "LD=\(linker)"]
        // Where both are one machine, make takes the compiler for its own programs too, and these have to run.
        if toolchain.prefix.isEmpty, ProcessInfo.processInfo.environment["HOSTCC"] == nil {
            arguments.append("HOSTCC=\(toolchain.compiler)")
        }
        return arguments
    }

    func install() throws(ApplicationError) {
        do {
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        } catch {
            throw ApplicationError("\(displayPath(place)): cannot be created")
        }
        // An object of another compiler could not be linked with this one's.
        unlink(emptyObject)
        unlink(mark)
        for (path, script) in [(compiler, compilerScript), (linker, linkerScript)] {
            try AtomicFile(path: path).write(Array(script.utf8))
            guard chmod(path, 0o755) == 0 else {
                throw ApplicationError("\(displayPath(path)): cannot be made executable")
            }
        }
    }

    /// A command that records what it depends on (`-MF`) makes an object for a link. Tests of the compiler do not, and
    /// code for another mode of the processor (`-m32`) becomes a part of a source.
    private var compilerScript: String {
        """
        #!/bin/sh
        # Made by `xenwidth prepare`: \(toolchain.compiler), but where C is only compiled to be linked, an empty object.
        source= out= target= dependencies= compiles= other=
        before=
        for word do
            case $before in
                -o) out=$word ;;
                -MF) dependencies=$word ;;
                -MQ|-MT) target=$word ;;
                -include|-imacros|-isystem|-iquote|-idirafter|-I|-D|-U|-x) ;;
                *) case $word in
                    -c) compiles=yes ;;
                    -Wp,-MD,*|-Wp,-MMD,*) dependencies=${word##*,} ;;
                    -m32|-m16|-S|-E) other=yes ;;
                    -*) ;;
                    *.c) source=$word ;;
                    *) other=yes ;;
                esac ;;
            esac
            case $before in
                -o|-MF|-MQ|-MT|-include|-imacros|-isystem|-iquote|-idirafter|-I|-D|-U|-x) before= ;;
                *) before=$word ;;
            esac
        done
        if [ -z "$compiles" ] || [ -z "$source" ] || [ -z "$out" ] || [ -z "$dependencies" ] || [ -n "$other" ]; then
            exec \(toolchain.compiler) "$@"
        fi
        [ -r "$source" ] || exec \(toolchain.compiler) "$@"
        empty=\(emptyObject)
        if ! [ -s "$empty" ]; then
            # What the linker compares: machine and calling convention.
            for word do
                case $word in -m*|--target=*) set -- "$@" "$word" ;; esac
                shift
            done
            \(toolchain.compiler) "$@" -x c -c /dev/null -o "$empty.$$" && mv -f "$empty.$$" "$empty" || exit
        fi
        cp "$empty" "$out" && printf '%s: %s\\n' "${target:-$out}" "$source" >"$dependencies"

        """
    }

    private var linkerScript: String {
        """
        #!/bin/sh
        # Made by `xenwidth prepare`: \(toolchain.linker), but the hypervisor itself is not linked, since nothing in it is read.
        before=
        for word do
            case $before,$word in
                -T,xen.lds|-T,*/xen.lds|-T,efi.lds|-T,*/efi.lds)
                    : >\(mark)
                    echo "xenwidth: everything that is read is made; the hypervisor itself is not linked" >&2
                    exit 1 ;;
            esac
            before=$word
        done
        exec \(toolchain.linker) "$@"

        """
    }
}
