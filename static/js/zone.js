// The name of the browser's time zone, for listeners who have set none; gone with the window.
document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone};path=/;samesite=lax`;
