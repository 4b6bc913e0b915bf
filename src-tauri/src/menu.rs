//! The native menu. On a Mac every program has one at the top of the screen; programs of Windows and
//! of today's Linux desktops have none, and there the window's own keys do the same.
//!
//! It decides nothing: what is chosen goes to the window as the word that the window knows it by
//! (`ui/src/lib/keys.ts`), and the window does what its own key would do.

use onhand_core::api::Language;
use tauri::menu::{AboutMetadata, Menu, MenuBuilder, MenuItemBuilder, SubmenuBuilder};
use tauri::{AppHandle, Emitter, Wry};

use crate::window;

/// The name under which the window hears what was chosen.
const CHOSEN: &str = "onhand-menu";

/// Whether programs of this system have a menu bar.
pub(crate) const HAS_MENU: bool = cfg!(target_os = "macos");

/// An entry that the window answers to: its word there, its key, its name in English and Spanish.
#[derive(Clone, Copy)]
struct Entry(&'static str, &'static str, &'static str, &'static str);

const FILE: &[Entry] = &[
    Entry("copy", "CmdOrCtrl+R", "Copy Again", "Copiar otra vez"),
    Entry("print", "CmdOrCtrl+P", "Print…", "Imprimir…"),
    Entry("lock", "CmdOrCtrl+L", "Lock", "Cerrar con la frase de acceso"),
];
const FIND: &[Entry] = &[
    Entry("find", "CmdOrCtrl+F", "Find on This Page", "Buscar en esta página"),
    Entry("palette", "CmdOrCtrl+K", "Search and Commands", "Búsqueda y órdenes"),
];
const VIEW: &[Entry] = &[
    Entry("larger", "CmdOrCtrl+Plus", "Larger Text", "Texto más grande"),
    Entry("smaller", "CmdOrCtrl+-", "Smaller Text", "Texto más pequeño"),
    Entry("usual", "CmdOrCtrl+0", "Usual Size of Text", "Tamaño usual del texto"),
    Entry("next-pane", "F6", "Next Pane", "Panel siguiente"),
];
const GO: &[Entry] = &[
    Entry("back", "CmdOrCtrl+[", "Back", "Atrás"),
    Entry("forward", "CmdOrCtrl+]", "Forward", "Adelante"),
];
const PLACES: &[Entry] = &[
    Entry("go-1", "CmdOrCtrl+1", "Summary", "Resumen"),
    Entry("go-2", "CmdOrCtrl+2", "Timeline", "Cronología"),
    Entry("go-3", "CmdOrCtrl+3", "Labs & Vitals", "Análisis y signos vitales"),
    Entry("go-4", "CmdOrCtrl+4", "Medicines", "Medicamentos"),
    Entry("go-5", "CmdOrCtrl+5", "Problems", "Problemas de salud"),
    Entry("go-6", "CmdOrCtrl+6", "Allergies", "Alergias"),
    Entry("go-7", "CmdOrCtrl+7", "Immunizations", "Vacunas"),
    Entry("go-8", "CmdOrCtrl+8", "Visits & Procedures", "Consultas y procedimientos"),
    Entry("go-9", "CmdOrCtrl+9", "Documents", "Documentos"),
];
const SETTINGS: &[Entry] = &[Entry("settings", "CmdOrCtrl+,", "Settings…", "Ajustes…")];
const HELP: &[Entry] = &[Entry("help", "F1", "Onhand Help", "Ayuda de Onhand")];

/// Shows the menu in a language, and passes on what is chosen in it.
pub(crate) fn show(app: &AppHandle, language: Language) -> tauri::Result<()> {
    app.set_menu(made(app, language)?)?;
    Ok(())
}

/// Hands a choice to the window.
pub(crate) fn chosen(app: &AppHandle, word: &str) {
    // Where the window has gone, so has what was chosen for it.
    let _ = app.emit_to(window::LABEL, CHOSEN, word);
}

fn made(app: &AppHandle, language: Language) -> tauri::Result<Menu<Wry>> {
    let title = |english: &'static str, spanish: &'static str| {
        SubmenuBuilder::new(app, in_words(language, english, spanish))
    };
    let add = |menu, entries| with(menu, app, language, entries);

    let own = add(title("Onhand", "Onhand").about(Some(AboutMetadata::default())), SETTINGS)?
        .separator()
        .services()
        .separator()
        .hide()
        .hide_others()
        .show_all()
        .separator()
        .quit()
        .build()?;
    let file = add(title("File", "Archivo"), FILE)?.separator().close_window().build()?;
    let edit = title("Edit", "Edición")
        .undo()
        .redo()
        .separator()
        .cut()
        .copy()
        .paste()
        .select_all()
        .separator();
    let edit = add(edit, FIND)?.build()?;
    let view = add(title("View", "Ver"), VIEW)?.separator().fullscreen().build()?;
    let go = add(add(title("Go", "Ir"), GO)?.separator(), PLACES)?.build()?;
    let windows = title("Window", "Ventana").minimize().maximize().build()?;
    let help = add(title("Help", "Ayuda"), HELP)?.build()?;
    MenuBuilder::new(app).items(&[&own, &file, &edit, &view, &go, &windows, &help]).build()
}

/// A menu with these entries too.
fn with<'a>(
    mut menu: SubmenuBuilder<'a, Wry, AppHandle>,
    app: &AppHandle,
    language: Language,
    entries: &[Entry],
) -> tauri::Result<SubmenuBuilder<'a, Wry, AppHandle>> {
    for Entry(word, key, english, spanish) in entries {
        let name = in_words(language, english, spanish);
        menu = menu.item(&MenuItemBuilder::with_id(*word, name).accelerator(key).build(app)?);
    }
    Ok(menu)
}

fn in_words<'a>(language: Language, english: &'a str, spanish: &'a str) -> &'a str {
    match language {
        Language::En => english,
        Language::Es => spanish,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &str = include_str!("../../ui/src/lib/keys.ts");

    #[test]
    fn says_only_words_that_the_window_knows() {
        let all = [FILE, FIND, VIEW, GO, PLACES, SETTINGS, HELP].concat();
        for Entry(word, key, english, spanish) in &all {
            assert!(KEYS.contains(&format!("'{word}'")), "{word}");
            assert!(!key.is_empty() && !english.is_empty() && !spanish.is_empty());
        }
        let mut keys: Vec<_> = all.iter().map(|Entry(_, key, ..)| *key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all.len(), "a key stands for one thing");
    }
}
