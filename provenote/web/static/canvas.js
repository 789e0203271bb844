// Zoom, and panning with a mouse, for canvases; without this script they scroll.
// It is loaded where a canvas is, and again after instant navigation.
{
  const STEP = 1.25
  const SMALLEST = 0.4 // what the page opens with; smaller is for those who ask
  const LARGEST = 3

  const mount = (canvas) => {
    canvas.dataset.ready = ""
    const plane = canvas.querySelector(".pn-canvas-plane")
    const { offsetWidth: width, offsetHeight: height } = plane
    const room = canvas.clientHeight
    const whole = Math.min(1, canvas.clientWidth / width, room / height)
    let zoom = 1

    // `x` and `y`, in the window of the canvas, stay where they are.
    const to = (wanted, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) => {
      const next = Math.min(LARGEST, Math.max(Math.min(whole, SMALLEST), wanted))
      const left = ((canvas.scrollLeft + x) / zoom) * next - x
      const top = ((canvas.scrollTop + y) / zoom) * next - y
      plane.style.zoom = zoom = next
      canvas.scrollTo(left, top)
    }

    const bar = document.createElement("div")
    bar.className = "pn-canvas-zoom"
    const buttons = [
      ["−", "Zoom out", () => to(zoom / STEP)],
      ["+", "Zoom in", () => to(zoom * STEP)],
      ["⤢", "Show all", () => to(whole)],
    ]
    for (const [text, title, click] of buttons) {
      const button = Object.assign(document.createElement("button"), { textContent: text, title })
      button.type = "button"
      button.setAttribute("aria-label", title)
      button.addEventListener("click", click)
      bar.append(button)
    }
    canvas.prepend(bar)

    canvas.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return
        event.preventDefault()
        const box = canvas.getBoundingClientRect()
        to(zoom * STEP ** (-event.deltaY / 100), event.clientX - box.left, event.clientY - box.top)
      },
      { passive: false },
    )

    canvas.addEventListener("pointerdown", (event) => {
      const onCard = event.target.closest(".pn-canvas-card, .pn-canvas-file, .pn-canvas-zoom")
      if (event.pointerType !== "mouse" || event.button || onCard) return
      const { clientX, clientY } = event
      const { scrollLeft, scrollTop } = canvas
      const stop = new AbortController()
      canvas.dataset.panning = ""
      const pan = (move) =>
        canvas.scrollTo(scrollLeft + clientX - move.clientX, scrollTop + clientY - move.clientY)
      const end = () => {
        stop.abort()
        delete canvas.dataset.panning
      }
      addEventListener("pointermove", pan, { signal: stop.signal })
      addEventListener("pointerup", end, { signal: stop.signal })
      addEventListener("pointercancel", end, { signal: stop.signal })
    })

    to(Math.max(whole, SMALLEST))
    canvas.style.height = `${Math.min(room, height * zoom) + 2}px`
    canvas.scrollTo(0, 0)
  }

  // On a phone the canvas is a list, which needs none of this.
  if (matchMedia("(min-width: 45em)").matches) {
    document.querySelectorAll(".pn-canvas:not([data-ready])").forEach(mount)
  }
}
